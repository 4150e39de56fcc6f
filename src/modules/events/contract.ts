import { z } from 'zod'
import { ObjectRef } from '#core/object-ref'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'

const time = z.iso.datetime()

export const ParkedItem = z.object({
  id: z.uuid(),
  module: z.string().describe('the module that has to handle it'),
  name: z.string(),
  subject: ObjectRef,
  at: time.describe('when the change happened'),
  attempts: z.number().int(),
  nextAttemptAt: time.nullable().describe('null while an earlier event of the same thing is parked'),
  error: z.object({ code: z.string(), title: z.string(), detail: z.string() }).nullable(),
})
export type ParkedItem = z.output<typeof ParkedItem>

const params = z.object({ module: z.string().max(100), id: z.string().max(100) })

export const eventsContract = defineContract('events', {
  list: operation({
    method: 'GET',
    path: '/api/v1/events/parked',
    permission: 'events.read',
    summary: 'The events that a module could not handle yet, the newest first.',
    description:
      'A module that fails to handle a change of another module tries again with growing pauses, at most 15 minutes apart. ' +
      'Until it succeeds, later events of the same thing wait behind it.',
    query: Paging.extend({ module: z.string().max(100).optional().describe('the module that has to handle them') }),
    answer: z.object({ items: z.array(ParkedItem), next: z.string().nullable() }),
    command: 'events parked',
    columns: ['id', 'module', 'name', 'subject', 'attempts', 'nextAttemptAt'],
  }),
  retry: operation({
    method: 'POST',
    path: '/api/v1/events/parked/{module}/{id}/retry',
    permission: 'events.write',
    effect: 'write',
    subject: ({ params: { id } }) => ({ kind: 'event', id }),
    summary: 'Let the module try a parked event now.',
    params,
    answer: ParkedItem,
    status: 202,
    command: 'events retry',
  }),
})
