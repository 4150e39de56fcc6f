import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { FieldProblem } from '#ui/json-schema'
import { useDebounced } from '#ui/use-debounced'
import { act, type Preview } from './pipeline-api.ts'
import { bodyOf, isStarted, type Draft } from './draft.ts'

export interface CheckedDraft {
  readonly problems: readonly FieldProblem[]
  readonly valid: boolean
  readonly preview: Preview | undefined
  readonly previewing: boolean
  readonly previewError: unknown
  readonly checkError: unknown
}

/** Checks a draft while it is written, and samples it after each step once it holds. */
export function useCheckedDraft(draft: Draft, id: string | undefined): CheckedDraft {
  const debounced = useDebounced(draft, 500)
  const started = isStarted(debounced)
  const body = { ...bodyOf(debounced), name: debounced.name.trim() === '' ? 'Untitled' : debounced.name }
  const check = useQuery({
    queryKey: ['pipelines', 'validate', id, body],
    queryFn: ({ signal }) => act.validate(body, id, signal),
    enabled: started,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  const valid = started && check.data?.valid === true && !check.isPlaceholderData
  const preview = useQuery({
    queryKey: ['pipelines', 'preview', id, { ...body, name: '', schedule: undefined }],
    queryFn: ({ signal }) => act.preview(body, id, signal),
    enabled: valid,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  })
  const failed = preview.isError || check.isError || (check.data?.valid === false && !check.isPlaceholderData)
  return {
    problems: started ? (check.data?.problems ?? []) : [],
    valid,
    // A sample of another draft is no answer to this one.
    preview: started && !failed ? preview.data : undefined,
    previewing: preview.isFetching,
    previewError: preview.error,
    checkError: check.error,
  }
}
