import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { placeOf, type FieldProblem } from '#ui/json-schema'
import { useDebounced } from '#ui/use-debounced'
import { act, type Preview } from '../pipeline-api.ts'
import { bodyOf, isStarted, type Draft, type StepColumn } from './draft.ts'

export interface CheckedDraft {
  readonly problems: readonly FieldProblem[]
  readonly valid: boolean
  readonly preview: Preview | undefined
  readonly previewing: boolean
  readonly previewError: unknown
  readonly checkError: unknown
  /** The next times of the schedule. */
  readonly nextRuns: readonly string[]
  /** The columns that reach a step, as far as a sample of the draft up to there has shown them. */
  readonly columnsBefore: (step: number) => readonly StepColumn[] | undefined
}

/** Checks a draft while it is written, and samples it after each step once it holds. */
export function useCheckedDraft(draft: Draft, id: string | undefined): CheckedDraft {
  const debounced = useDebounced(draft, 500)
  const started = isStarted(debounced)
  const body = { ...bodyOf(debounced), name: debounced.name.trim() === '' ? 'Untitled' : debounced.name }
  const check = useQuery({
    queryKey: ['pipelines', 'validate', id, body],
    queryFn: ({ signal }) => act.validate(body, id, signal),
    enabled: started || body.schedule !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  const valid = started && check.data?.valid === true && !check.isPlaceholderData
  // Rows are seen before it is said where they go.
  const samplable =
    started &&
    !check.isPlaceholderData &&
    check.data?.problems.every(({ at }) => placeOf(at).startsWith('destination')) === true
  const { destination, ...withoutDestination } = { ...body, name: 'Preview', schedule: undefined }
  const sampledBody = valid ? { ...withoutDestination, destination } : withoutDestination
  const preview = useQuery({
    queryKey: ['pipelines', 'preview', id, sampledBody],
    queryFn: ({ signal }) => act.preview(sampledBody, id, signal),
    enabled: samplable,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  })
  const sampled = useRef<{ readonly draft: Draft; readonly preview: Preview }>(undefined)
  if (samplable && preview.data !== undefined && !preview.isPlaceholderData)
    sampled.current = { draft: debounced, preview: preview.data }
  const failed =
    preview.isError || check.isError || (check.data !== undefined && !check.isPlaceholderData && !samplable)
  // Times of another schedule would be shown under the zone of this one.
  const sameSchedule = JSON.stringify(draft.schedule) === JSON.stringify(debounced.schedule)
  return {
    problems: started ? (check.data?.problems ?? []) : [],
    valid,
    // A sample of another draft is no answer to this one.
    preview: started && !failed ? preview.data : undefined,
    previewing: preview.isFetching,
    previewError: samplable ? preview.error : undefined,
    checkError: check.error,
    nextRuns: check.isPlaceholderData || !sameSchedule ? [] : (check.data?.nextRuns ?? []),
    columnsBefore: (step) => {
      const { current } = sampled
      return current !== undefined && isSameUpTo(step, current.draft, draft)
        ? current.preview.steps[step]?.columns
        : undefined
    },
  }
}

/** Whether two drafts do the same to the rows that reach a step, which a later step that is wrong does not change. */
function isSameUpTo(step: number, one: Draft, other: Draft): boolean {
  const upTo = ({ source, transformations }: Draft): string => JSON.stringify([source, transformations.slice(0, step)])
  return upTo(one) === upTo(other)
}
