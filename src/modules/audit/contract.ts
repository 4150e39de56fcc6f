import { z } from 'zod'
import { ObjectRef } from '#core/object-ref'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'

export const AuditEntry = z.object({
  sequence: z.number().int(),
  at: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  actor: z.object({ kind: z.enum(['token', 'session', 'system']), id: z.string(), name: z.string() }),
  action: z.string(),
  subject: ObjectRef,
  outcome: z.enum(['succeeded', 'refused', 'denied', 'failed', 'unknown']),
  code: z.string().optional(),
  requestId: z.string(),
  times: z.number().int(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
})
export type AuditEntry = z.output<typeof AuditEntry>

const time = z.iso.datetime({ offset: true })

export const auditContract = defineContract('audit', {
  list: operation({
    method: 'GET',
    path: '/api/v1/audit',
    permission: 'audit.read',
    summary: 'Who changed what in the workspace, the latest first.',
    description:
      'Every operation that changes something is recorded with its outcome, also when it was refused. Operations that come in thousands are summed up by the minute; `times` says how many.',
    query: Paging.extend({
      actor: z.string().max(300).optional().describe('id or name of a token or person'),
      action: z.string().max(100).optional().describe('an operation such as `pipelines.create`, or a module'),
      subject: z.string().max(300).optional().describe('a kind, an id, a name, or `kind:id`'),
      from: time.optional().describe('entries that began at this time or later'),
      to: time.optional().describe('entries that began before this time'),
    }),
    answer: z.object({ items: z.array(AuditEntry), next: z.string().nullable() }),
    command: 'audit list',
    columns: ['at', 'actor', 'action', 'subject', 'outcome'],
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/audit/{sequence}',
    permission: 'audit.read',
    summary: 'One entry of the audit trail by its sequence number.',
    params: z.object({ sequence: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
    answer: AuditEntry,
    command: 'audit get',
  }),
})
