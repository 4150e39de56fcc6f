import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { asProblem } from '#ui/api-problem'
import { placeOf, type FieldProblem } from '#ui/json-schema'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { act, type Pipeline } from '../pipeline-api.ts'
import { blankDraft, bodyOf, definitionOf, valueAt, withMade, type Draft } from './draft.ts'
import type { LeftDraft } from './use-left-draft.ts'
import { useCheckedDraft, type CheckedDraft } from './use-checked-draft.ts'

interface DraftState {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly checked: CheckedDraft
  /** What the fields show. */
  readonly problems: readonly FieldProblem[]
  readonly error: unknown
  readonly busy: boolean
  /** The version that the draft changes; none of a new pipeline. */
  readonly version: number | undefined
  /** `over` is the version to change instead, as somebody chose who saw what it changes. */
  readonly save: (how: { readonly run: boolean; readonly over?: number }) => Promise<void>
  /** The same as was refused, over another version. */
  readonly saveOver: (version: number) => Promise<void>
}

/** The draft of a pipeline while it is edited, checked as it changes, and saved. */
export function useDraft(existing: Pipeline | undefined, { kept, made, keep, forget }: LeftDraft): DraftState {
  const [draft, setDraft] = useState(() =>
    withMade(kept?.draft ?? (existing === undefined ? blankDraft : definitionOf(existing)), made),
  )
  const [version] = useState(kept === undefined ? existing?.version : kept.version)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const checked = useCheckedDraft(draft, existing?.id)
  const queries = useQueryClient()
  const go = useGo()
  const isChanged = useRef(false)
  const runAsked = useRef(false)
  useEffect(() => {
    if (isChanged.current) keep({ draft, version })
  }, [draft])
  const save: DraftState['save'] = async ({ run, over = version }) => {
    runAsked.current = run
    setBusy(true)
    setError(undefined)
    try {
      const pipeline = await (existing === undefined
        ? act.create(bodyOf(draft))
        : act.replace(existing.id, bodyOf(draft), over ?? existing.version))
      forget()
      if (run) await act.run(pipeline.id)
      await queries.invalidateQueries({ queryKey: ['pipelines'] })
      toast(run ? `${pipeline.name} started` : `Pipeline ${pipeline.name} saved`)
      go(`/pipelines/${pipeline.id}`)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return {
    draft,
    set: (change) => {
      setError(undefined)
      isChanged.current = true
      setDraft((before) => ({ ...before, ...change }))
    },
    checked,
    // What is not filled in yet is listed in the preview; at its field only once somebody tried to save.
    problems:
      error === undefined
        ? checked.problems.filter(({ at }) => (valueAt(draft, placeOf(at)) ?? '') !== '')
        : [...checked.problems, ...asProblem(error).problems],
    error,
    busy,
    version,
    save,
    saveOver: (newer) => save({ run: runAsked.current, over: newer }),
  }
}
