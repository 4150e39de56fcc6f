import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asProblem } from '#ui/api-problem'
import { placeOf, type FieldProblem } from '#ui/json-schema'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { act } from '../pipeline-api.ts'
import { bodyOf, valueAt, type Draft } from './draft.ts'
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
export function useDraft(id: string | undefined, start: Draft): DraftState {
  const [draft, setDraft] = useState(start)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const checked = useCheckedDraft(draft, id)
  const queries = useQueryClient()
  const go = useGo()
  const save = async (run: boolean): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      const saved = await (id === undefined ? act.create(bodyOf(draft)) : act.replace(id, bodyOf(draft)))
      if (run) await act.run(saved.id)
      await queries.invalidateQueries({ queryKey: ['pipelines'] })
      toast(run ? `${saved.name} started` : `Pipeline ${saved.name} saved`)
      go(`/pipelines/${saved.id}`)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return {
    draft,
    set: (change) => {
      setError(undefined)
      setDraft((before) => ({ ...before, ...change }))
    },
    checked,
    // What is not filled in yet is listed in the preview; at its field only once somebody tried to save.
    problems:
      error === undefined
        ? checked.problems.filter(({ at }) => valueAt(draft, placeOf(at)) !== undefined)
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
