import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { placeTitle } from '#ui/place-title'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { useConflict } from '#ui/use-conflict'
import { ask, readVersions, type Dashboard } from './dashboard-api.ts'
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
  const conflict = useConflict(
    existing && {
      kind: 'dashboard',
      id: existing.id,
      version: existing.version,
      history: (signal) => readVersions(existing.id, signal),
      titleOf: (place) => placeTitle(place, { properties: { tiles: { title: 'Tile' } } }),
    },
    saving.error,
  )
  const ready = draft.title.trim() !== '' && draft.name !== '' && (touched || existing === undefined)
  return {
    ...saving,
    draft,
    conflict,
    /** What is entered can be saved as it is. */
    ready: ready && conflict === undefined,
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
    /** `over` is the version to change in place of the one that was opened: only a choice of its own overwrites another. */
    save: async (over?: number): Promise<void> => {
      if (ready && !saving.busy && (conflict === undefined || over !== undefined))
        await save(definitionOf(draft), over ?? existing?.version)
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
