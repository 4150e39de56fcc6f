/**
 * The audit trail: who did what to which object, and how it ended. Entries are only added; `SPEC.md`
 * beside this file has the rules.
 */
import { randomUUID } from 'node:crypto'
import type { Actor } from '#core/actor'
import type { ObjectRef } from '#core/object-ref'
import { storableJson } from '#core/storable-text'
import { withoutUrlSecrets } from '#core/masked-urls'
import type { Metadata } from '#ports/metadata'

export type Outcome = 'succeeded' | 'refused' | 'denied' | 'failed' | 'unknown'

export interface AuditActor {
  readonly kind: Actor['kind']
  readonly id: string
  readonly name: string
}

/** What is known when an operation begins. */
export interface Attempt {
  readonly workspace: string
  readonly actor: AuditActor
  /** Module and operation: `pipelines.create`. */
  readonly action: string
  readonly subject: ObjectRef
  readonly requestId: string
  readonly at: number
}

export interface Ending {
  readonly outcome: Outcome
  /** The error code, where it did not succeed. */
  readonly code?: string | undefined
  readonly at: number
  readonly before?: unknown
  readonly after?: unknown
}

export interface AuditRecords {
  /** Notes durably that the operation begins. Returns the id under which it ends. */
  begin(attempt: Attempt): Promise<string>
  /** Turns the note of `begin` into an entry of the trail, both in one statement. */
  end(id: string, attempt: Attempt, ending: Ending): Promise<void>
  /** Adds an entry that had no note: equal operations, summed up. */
  add(attempt: Attempt, ending: Ending, times: number): Promise<void>
  /** Operations that a killed server left open get the outcome `unknown`. Returns how many. */
  closeAbandoned(now: number): Promise<number>
}

/** The next sequence number of the workspace; the row lock orders concurrent entries. */
const next = `head as (
  insert into kernel.audit_head as head (workspace, sequence) values ($1, 1)
  on conflict (workspace) do update set sequence = head.sequence + 1 returning sequence)`
const columns =
  'workspace, sequence, id, began_at, ended_at, actor, action, subject, outcome, code, request_id, times, before, after'

export function auditRecords(metadata: Metadata): AuditRecords {
  const sql = metadata.system
  const insert = async (id: string, attempt: Attempt, ending: Ending, times: number): Promise<void> => {
    const { workspace, actor, action, subject, requestId } = attempt
    await sql.query(
      `with ${next}, closed as (delete from kernel.audit_open where id = $2)
       insert into kernel.audit (${columns})
       select $1, head.sequence, $2::uuid, $3::timestamptz, $4::timestamptz, $5::jsonb, $6, $7::jsonb, $8, $9, $10, $11::int, $12::json, $13::json from head`,
      [
        workspace,
        id,
        new Date(attempt.at),
        new Date(ending.at),
        JSON.stringify(actor),
        action,
        JSON.stringify(subject),
        ending.outcome,
        ending.code ?? null,
        requestId,
        times,
        jsonOrNull(ending.before),
        jsonOrNull(ending.after),
      ],
    )
  }
  return {
    async begin({ workspace, actor, action, subject, requestId, at }) {
      const id = randomUUID()
      await sql.query(
        `insert into kernel.audit_open (id, workspace, began_at, actor, action, subject, request_id)
         values ($1, $2, $3, $4::jsonb, $5, $6::jsonb, $7)`,
        [id, workspace, new Date(at), JSON.stringify(actor), action, JSON.stringify(subject), requestId],
      )
      return id
    },
    end: (id, attempt, ending) => insert(id, attempt, ending, 1),
    add: (attempt, ending, times) => insert(randomUUID(), attempt, ending, times),
    async closeAbandoned(now) {
      const { rows } = await sql.query<{
        id: string
        workspace: string
        began_at: Date
        actor: AuditActor
        action: string
        subject: ObjectRef
        request_id: string
      }>('select id, workspace, began_at, actor, action, subject, request_id from kernel.audit_open order by began_at')
      for (const row of rows) {
        const { workspace, actor, action, subject, request_id: requestId } = row
        const attempt = { workspace, actor, action, subject, requestId, at: row.began_at.getTime() }
        await insert(row.id, attempt, { outcome: 'unknown', at: now }, 1)
      }
      return rows.length
    },
  }
}

const maxSnapshotBytes = 64 * 1024

/** Objects beyond the bound are left out, and the entry says so. */
function jsonOrNull(value: unknown): string | null {
  if (value === undefined) return null
  const text = storableJson(value)
  const bytes = Buffer.byteLength(text)
  return bytes > maxSnapshotBytes ? JSON.stringify({ omitted: `${bytes} bytes` }) : withoutUrlSecrets(text)
}
