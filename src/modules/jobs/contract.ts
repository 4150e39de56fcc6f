import { z } from 'zod'
import { ObjectRef } from '#core/object-ref'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'

const status = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'])
const time = z.iso.datetime()

export const JobItem = z.object({
  id: z.uuid(),
  kind: z.string(),
  about: z.string(),
  subject: ObjectRef.nullable(),
  status,
  attempt: z.number().int(),
  progress: z.object({ done: z.number(), total: z.number().optional(), note: z.string().optional() }).nullable(),
  error: z.object({ code: z.string(), title: z.string(), detail: z.string() }).nullable(),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }).nullable(),
  queuedAt: time,
  /** Of the next attempt, while it is queued. */
  runAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
})
export type JobItem = z.output<typeof JobItem>

const params = z.object({ id: z.string().max(100) })

export const jobsContract = defineContract('jobs', {
  list: operation({
    method: 'GET',
    path: '/api/v1/jobs',
    permission: 'jobs.read',
    summary: 'The work that the server does in the background, the newest first.',
    query: Paging.extend({
      status: status.optional(),
      kind: z.string().max(100).optional().describe('a kind such as `pipelines.run`, or a module'),
      subject: z.string().max(300).optional().describe('id or name of the object that the job is about'),
    }),
    answer: z.object({ items: z.array(JobItem), next: z.string().nullable() }),
    columns: ['id', 'kind', 'subject', 'status', 'queuedAt', 'finishedAt'],
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/jobs/{id}',
    permission: 'jobs.read',
    summary: 'One job with its progress and, where it failed, its error.',
    params,
    answer: JobItem,
  }),
  cancel: operation({
    method: 'POST',
    path: '/api/v1/jobs/{id}/cancel',
    permission: 'jobs.write',
    effect: 'write',
    subject: ({ params: { id } }) => ({ kind: 'job', id }),
    summary: 'Cancel a job that waits or runs.',
    params,
    answer: JobItem,
  }),
  retry: operation({
    method: 'POST',
    path: '/api/v1/jobs/{id}/retry',
    permission: 'jobs.write',
    effect: 'write',
    subject: ({ params: { id } }) => ({ kind: 'job', id }),
    summary: 'Queue a failed or cancelled job again.',
    params,
    answer: JobItem,
    status: 202,
  }),
})
