import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { typedRequest } from '#kernel/client'
import { request } from '#ui/request'
import type { JobItem, jobsContract } from '../contract.ts'

export type Job = JobItem
export type JobStatus = Job['status']

const ask = typedRequest<typeof jobsContract>(request)
const everyMs = 1_500

export interface JobFilter {
  readonly status?: JobStatus | undefined
  readonly kind?: string | undefined
}

/** Read again while a job of the list waits or runs; when none does, nothing is asked. */
export function jobsQuery(filter: JobFilter) {
  return infiniteQueryOptions({
    queryKey: ['jobs', filter],
    queryFn: ({ pageParam, signal }) =>
      ask('GET /api/v1/jobs', { query: { ...filter, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isUnfinished)) === true ? everyMs : false,
  })
}

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ['jobs', 'one', id],
    queryFn: ({ signal }) => ask('GET /api/v1/jobs/{id}', { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data !== undefined && isUnfinished(state.data) ? everyMs : false),
  })
}

export const cancelJob = (id: string): Promise<Job> => ask('POST /api/v1/jobs/{id}/cancel', { params: { id } })
export const retryJob = (id: string): Promise<Job> => ask('POST /api/v1/jobs/{id}/retry', { params: { id } })

export function isUnfinished({ status }: Job): boolean {
  return status === 'queued' || status === 'running'
}
