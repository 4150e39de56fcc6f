import type { ObjectRef } from '#core/object-ref'
import type { Metadata } from '#ports/metadata'
import type { AuditActor, Outcome } from './trail.ts'

export interface AuditEntry {
  /** 1, 2, 3 … within the workspace, without a gap. */
  readonly sequence: number
  readonly at: string
  readonly endedAt: string
  readonly actor: AuditActor
  readonly action: string
  readonly subject: ObjectRef
  readonly outcome: Outcome
  readonly code?: string
  readonly requestId: string
  readonly times: number
  readonly before?: unknown
  readonly after?: unknown
}

export interface AuditQuery {
  /** Id or name of the actor. */
  readonly actor?: string | undefined
  /** A whole action (`pipelines.create`) or a module (`pipelines`). */
  readonly action?: string | undefined
  /** A kind (`metric`), an id or a name, or `kind:id`. */
  readonly subject?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Only entries with a lower sequence. */
  readonly below?: number | undefined
  readonly limit: number
}

/** Entries of one workspace, the latest first. */
export type AuditReader = (workspace: string, query: AuditQuery) => Promise<readonly AuditEntry[]>

export function auditReader(metadata: Metadata): AuditReader {
  return async (workspace, query) => {
    const [kind, id] = query.subject?.includes(':') ? split(query.subject) : [undefined, undefined]
    const { rows } = await metadata.inWorkspace(workspace).query<Row>(
      `select sequence, began_at, ended_at, actor, action, subject, outcome, code, request_id, times, before, after
       from kernel.audit
       where ($1::text is null or actor ->> 'id' = $1 or actor ->> 'name' = $1)
         and ($2::text is null or action = $2 or starts_with(action, $2 || '.'))
         and ($3::text is null or $3 in (subject ->> 'kind', subject ->> 'id', subject ->> 'name')
              or (subject ->> 'kind' = $4 and $5 in (subject ->> 'id', subject ->> 'name')))
         and ($6::timestamptz is null or began_at >= $6) and ($7::timestamptz is null or began_at < $7)
         and ($8::bigint is null or sequence < $8)
       order by sequence desc limit $9`,
      [
        query.actor ?? null,
        query.action ?? null,
        query.subject ?? null,
        kind ?? null,
        id ?? null,
        query.from ?? null,
        query.to ?? null,
        query.below ?? null,
        query.limit,
      ],
    )
    return rows.map(entryOf)
  }
}

interface Row {
  readonly sequence: number
  readonly began_at: Date
  readonly ended_at: Date
  readonly actor: AuditActor
  readonly action: string
  readonly subject: ObjectRef
  readonly outcome: Outcome
  readonly code: string | null
  readonly request_id: string
  readonly times: number
  readonly before: unknown
  readonly after: unknown
}

function entryOf(row: Row): AuditEntry {
  return {
    sequence: row.sequence,
    at: row.began_at.toISOString(),
    endedAt: row.ended_at.toISOString(),
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    outcome: row.outcome,
    ...(row.code === null ? {} : { code: row.code }),
    requestId: row.request_id,
    times: row.times,
    ...(row.before === null ? {} : { before: row.before }),
    ...(row.after === null ? {} : { after: row.after }),
  }
}

function split(subject: string): [string, string] {
  const at = subject.indexOf(':')
  return [subject.slice(0, at), subject.slice(at + 1)]
}
