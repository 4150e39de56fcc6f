import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { typedRequest } from '#kernel/client'
import { request } from '#ui/request'
import type { AuditEntry, auditContract } from '../contract.ts'

export type { AuditEntry }

const ask = typedRequest<typeof auditContract>(request)

export interface AuditFilter {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly subject?: string | undefined
  /** Instants. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** All pages that were asked for so far, the latest entries first. */
export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      ask('GET /api/v1/audit', { query: { ...filter, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

export function entryQuery(sequence: number) {
  return queryOptions({
    queryKey: ['audit', 'entry', sequence],
    queryFn: ({ signal }) => ask('GET /api/v1/audit/{sequence}', { params: { sequence }, signal }),
    // Entries are only added, never changed.
    staleTime: Number.POSITIVE_INFINITY,
  })
}
