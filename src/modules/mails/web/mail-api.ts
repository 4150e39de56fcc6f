import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { typedRequest } from '#kernel/client'
import { request } from '#ui/request'
import type { MailItem, mailsContract } from '../contract.ts'

export type { MailItem }

const ask = typedRequest<typeof mailsContract>(request)

export function mailsQuery() {
  return infiniteQueryOptions({
    queryKey: ['mails'],
    queryFn: ({ pageParam, signal }) => ask('GET /api/v1/mails', { query: { limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

export function mailQuery(id: string) {
  return queryOptions({
    queryKey: ['mails', 'one', id],
    queryFn: ({ signal }) => ask('GET /api/v1/mails/{id}', { params: { id }, signal }),
    // A kept mail never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export const sendTestMail = (to: string): Promise<{ job: string }> => ask('POST /api/v1/mails/test', { body: { to } })
