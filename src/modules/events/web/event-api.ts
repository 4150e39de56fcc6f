import { infiniteQueryOptions } from '@tanstack/react-query'
import { typedRequest } from '#kernel/client'
import { request } from '#ui/request'
import type { eventsContract, ParkedItem } from '../contract.ts'

export type { ParkedItem }

const ask = typedRequest<typeof eventsContract>(request)

export function parkedQuery() {
  return infiniteQueryOptions({
    queryKey: ['events', 'parked'],
    queryFn: ({ pageParam, signal }) => ask('GET /api/v1/events/parked', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

export const retryEvent = ({ module, id }: ParkedItem): Promise<ParkedItem> =>
  ask('POST /api/v1/events/parked/{module}/{id}/retry', { params: { module, id } })
