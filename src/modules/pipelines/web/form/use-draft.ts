import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { asProblem } from '#ui/api-problem'
import { placeOf, type FieldProblem } from '#ui/json-schema'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { act } from '../pipeline-api.ts'
import { bodyOf, valueAt, withMade, type Draft } from './draft.ts'
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
  readonly save: (run: boolean) => Promise<void>
}

/** The draft of a pipeline while it is edited, checked as it changes, and saved. */
export function useDraft(id: string | undefined, saved: Draft, left: LeftDraft): DraftState {
  const [draft, setDraft] = useState(() => withMade(left.draft ?? saved, left.made))
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const checked = useCheckedDraft(draft, id)
  const queries = useQueryClient()
  const go = useGo()
  const { keep } = left
  const isChanged = useRef(false)
  useEffect(() => {
    if (isChanged.current) keep(draft)
  }, [draft])
  const save = async (run: boolean): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      const pipeline = await (id === undefined ? act.create(bodyOf(draft)) : act.replace(id, bodyOf(draft)))
      left.forget()
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
        : unique([...checked.problems, ...asProblem(error).problems]),
    error,
    busy,
    save,
  }
}

/** The check and the refusal to save often say the same. */
function unique(problems: readonly FieldProblem[]): readonly FieldProblem[] {
  const key = ({ at, message }: FieldProblem): string => `${placeOf(at)} ${message}`
  return [...new Map(problems.map((problem) => [key(problem), problem])).values()]
}
