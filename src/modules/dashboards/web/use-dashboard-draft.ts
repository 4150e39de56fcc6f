import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { ask, type Dashboard } from './dashboard-api.ts'
import { blankDraft, definitionOf, draftOf, type Draft } from './dashboard-draft.ts'
import { changed, historyOf, undone } from './history.ts'

/** A dashboard while it is edited: its draft with the way back, and saving it. */
export function useDashboardDraft(existing: Dashboard | undefined) {
  const [start] = useState<Draft>(() => (existing === undefined ? blankDraft : draftOf(existing)))
  const [history, setHistory] = useState(() => historyOf(start))
  const [announcement, setAnnouncement] = useState('')
  const draft = history.now
  const touched = JSON.stringify(definitionOf(draft)) !== JSON.stringify(definitionOf(start))
  const { save, ...saving } = useDashboardSave(existing)
  const ready = draft.title.trim() !== '' && draft.name !== '' && (touched || existing === undefined)
  return {
    ...saving,
    draft,
    ready,
    /** Tells those who do not see the page what the last change did. */
    announcement,
    canUndo: history.before.length > 0,
    hasUnsaved: () => touched && !saving.saved.current,
    change: (next: Draft, what: string, words = ''): void => {
      setHistory((before) => changed(before, next, what))
      setAnnouncement(words)
    },
    undo: (): void => {
      setHistory(undone)
      setAnnouncement('Taken back')
    },
    /** `version` is the one to change, where it is not the one that was opened. */
    save: async (version = existing?.version): Promise<void> => {
      if (ready && !saving.busy) await save(definitionOf(draft), version)
    },
  }
}

function useDashboardSave(existing: Dashboard | undefined) {
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const saved = useRef(false)
  const queries = useQueryClient()
  const go = useGo()
  const save = async (body: ReturnType<typeof definitionOf>, version: number | undefined): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      const kept = await (existing === undefined
        ? ask('POST /api/v1/dashboards', { body })
        : ask('PUT /api/v1/dashboards/{id}', { params: { id: existing.id }, body: { ...body, version } }))
      saved.current = true
      queries.setQueryData(['dashboards', kept.id], kept)
      void queries.invalidateQueries({ queryKey: ['dashboards'] })
      toast(`Dashboard ${kept.title} saved`)
      go(`/dashboards/${kept.id}`)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return { error, busy, saved, save }
}
