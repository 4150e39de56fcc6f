/** The records of jobs. Every change of state is one conditional statement. */
import type { ObjectRef } from '#core/object-ref'
import { storableJson } from '#core/storable-text'
import type { Metadata, Sql } from '#ports/metadata'

export const jobStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type JobStatus = (typeof jobStatuses)[number]

export interface JobProgress {
  readonly done: number
  readonly total?: number | undefined
  readonly note?: string | undefined
}

export interface JobError {
  readonly code: string
  readonly title: string
  readonly detail: string
}

export interface JobRecord {
  readonly id: string
  readonly number: number
  readonly kind: string
  readonly subject: ObjectRef | null
  readonly status: JobStatus
  readonly attempt: number
  readonly progress: JobProgress | null
  readonly error: JobError | null
  readonly actor: JobActor | null
  readonly queuedAt: Date
  readonly runAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

export interface JobActor {
  readonly kind: string
  readonly id: string
  readonly name: string
}

export interface NewJob {
  readonly id: string
  readonly workspace: string
  readonly kind: string
  readonly subject: ObjectRef | undefined
  readonly payload: unknown
  readonly singleton: string | undefined
  readonly actor: JobActor | undefined
  readonly queuedAt: number
  readonly runAt: number
  /** One that has ended under this id is queued once more. */
  readonly again: boolean
}

/** A job that begins an attempt. */
export interface BegunJob {
  readonly payload: unknown
  readonly attempt: number
  readonly failures: number
}

export interface CancelledJob {
  readonly kind: string
  readonly payload: unknown
  /** It had not begun. */
  readonly waited: boolean
}

export interface JobFilter {
  readonly status?: JobStatus | undefined
  /** A whole kind (`pipelines.run`) or a module. */
  readonly kind?: string | undefined
  readonly subject?: string | undefined
  readonly below?: number | undefined
  readonly limit: number
}

export interface UnfinishedJob {
  readonly workspace: string
  readonly id: string
  readonly kind: string
  readonly runAt: Date
}

const columns = `id, number, kind, subject, status, attempt, progress, error, actor, queued_at as "queuedAt",
  run_at as "runAt", started_at as "startedAt", finished_at as "finishedAt"`

export type JobStore = ReturnType<typeof jobStore>

export function jobStore(metadata: Metadata) {
  const sql = metadata.system
  return {
    /** Returns the id of the job, or of the unfinished one with the same key. */
    async create(job: NewJob): Promise<string> {
      for (;;) {
        const { affected } = await sql.query(
          `insert into kernel.job (workspace, id, kind, subject, payload, singleton, status, actor, queued_at, run_at)
           values ($1, $2, $3, $4::jsonb, $5::json, $6, 'queued', $7::jsonb, $8, $9) on conflict do nothing`,
          [
            job.workspace,
            job.id,
            job.kind,
            jsonOrNull(job.subject),
            JSON.stringify(job.payload),
            job.singleton ?? null,
            jsonOrNull(job.actor),
            new Date(job.queuedAt),
            new Date(job.runAt),
          ],
        )
        if (affected > 0) return job.id
        if (job.again && (await requeueEnded(sql, job))) return job.id
        const { rows } = await sql.query<{ id: string }>(
          `select id from kernel.job where workspace = $1 and (id = $2
             or (kind = $3 and singleton = $4 and status in ('queued', 'running'))) limit 1`,
          [job.workspace, job.id, job.kind, job.singleton ?? null],
        )
        // The other one ended between the two statements.
        if (rows[0] !== undefined) return rows[0].id
      }
    },

    /** Nothing when the job has ended or was cancelled. */
    async begin(workspace: string, id: string, now: number): Promise<BegunJob | undefined> {
      const { rows } = await sql.query<BegunJob>(
        `update kernel.job set status = 'running', attempt = attempt + 1, progress = null,
           started_at = coalesce(started_at, $3)
         where workspace = $1 and id = $2 and status in ('queued', 'running') and not cancelling
         returning payload, attempt, failures`,
        [workspace, id, new Date(now)],
      )
      return rows[0]
    },

    async progress(workspace: string, id: string, progress: JobProgress): Promise<void> {
      await sql.query(
        `update kernel.job set progress = $3::json where workspace = $1 and id = $2 and status = 'running'`,
        [workspace, id, storableJson(progress)],
      )
    },

    async requeue(workspace: string, id: string, error: JobError, runAt: number): Promise<void> {
      await sql.query(
        `update kernel.job set status = 'queued', failures = failures + 1, error = $3::json, run_at = $4
         where workspace = $1 and id = $2 and status = 'running'`,
        [workspace, id, storableJson(error), new Date(runAt)],
      )
    },

    async end(
      workspace: string,
      id: string,
      ending: { status: 'succeeded' | 'failed' | 'cancelled'; error?: JobError | undefined; now: number },
    ): Promise<void> {
      await sql.query(
        `update kernel.job set status = $3, error = $4::json, finished_at = $5, cancelling = false
         where workspace = $1 and id = $2 and status in ('queued', 'running')`,
        [workspace, id, ending.status, jsonOrNull(ending.error), new Date(ending.now)],
      )
    },

    async forget(workspace: string, id: string): Promise<void> {
      await sql.query('delete from kernel.job where workspace = $1 and id = $2', [workspace, id])
    },

    /** A queued job ends at once, a running one is marked for its worker. Nothing when it has ended. */
    async cancel(workspace: string, id: string, now: number): Promise<CancelledJob | undefined> {
      const { rows } = await sql.query<CancelledJob>(
        `update kernel.job set cancelling = (status = 'running'),
           finished_at = case when status = 'queued' then $3::timestamptz end,
           status = case when status = 'queued' then 'cancelled' else status end
         where workspace = $1 and id = $2 and status in ('queued', 'running')
         returning kind, payload, not cancelling as waited`,
        [workspace, id, new Date(now)],
      )
      return rows[0]
    },

    /** Puts a job that ended without success back into the queue. Returns false when there is none. */
    async retry(workspace: string, id: string, now: number): Promise<boolean> {
      const { affected } = await sql.query(
        `update kernel.job job set status = 'queued', attempt = 0, failures = 0, error = null, progress = null,
           run_at = $3, started_at = null, finished_at = null
         where workspace = $1 and id = $2 and status in ('failed', 'cancelled') and not exists (
           select from kernel.job other where other.workspace = job.workspace and other.kind = job.kind
             and other.singleton = job.singleton and other.status in ('queued', 'running'))`,
        [workspace, id, new Date(now)],
      )
      return affected > 0
    },

    async unfinished(): Promise<readonly UnfinishedJob[]> {
      const { rows } = await sql.query<UnfinishedJob>(
        `select workspace, id, kind, run_at as "runAt" from kernel.job
         where status in ('queued', 'running') and not cancelling order by number`,
      )
      return rows
    },

    /** Jobs whose cancellation the end of a server cut off. */
    async endCancelling(now: number): Promise<void> {
      await sql.query(
        `update kernel.job set status = 'cancelled', finished_at = $1, cancelling = false
         where cancelling and status = 'running'`,
        [new Date(now)],
      )
    },

    async get(workspace: string, id: string): Promise<JobRecord | undefined> {
      const { rows } = await metadata
        .inWorkspace(workspace)
        .query<JobRecord>(`select ${columns} from kernel.job where id = $1`, [id])
      return rows[0]
    },

    /** The newest first. */
    async list(workspace: string, { status, kind, subject, below, limit }: JobFilter): Promise<readonly JobRecord[]> {
      const { rows } = await metadata.inWorkspace(workspace).query<JobRecord>(
        `select ${columns} from kernel.job
         where ($1::text is null or status = $1) and ($2::text is null or kind = $2 or starts_with(kind, $2 || '.'))
           and ($3::text is null or $3 in (subject ->> 'id', subject ->> 'name'))
           and ($4::bigint is null or number < $4)
         order by number desc limit $5`,
        [status ?? null, kind ?? null, subject ?? null, below ?? null, limit],
      )
      return rows
    },

    /** Deletes what ended long ago, and of each kind in a workspace all but the newest. */
    async purge(now: number): Promise<number> {
      const { affected } = await sql.query(
        `delete from kernel.job where (workspace, id) in (
           select workspace, id from (
             select workspace, id, finished_at,
               row_number() over (partition by workspace, kind order by number desc) as place
             from kernel.job where finished_at is not null) as ended
           where place > ${maxEndedJobs} or finished_at < $1 limit ${maxPurged})`,
        [new Date(now - maxEndedAgeMs)],
      )
      return affected
    },
  }
}

async function requeueEnded(sql: Sql, { workspace, id, runAt }: NewJob): Promise<boolean> {
  const { affected } = await sql.query(
    `update kernel.job set status = 'queued', attempt = 0, failures = 0, error = null, progress = null,
       run_at = $3, started_at = null, finished_at = null
     where workspace = $1 and id = $2 and status in ('succeeded', 'failed', 'cancelled')`,
    [workspace, id, new Date(runAt)],
  )
  return affected > 0
}

const maxEndedJobs = 1_000
const maxEndedAgeMs = 30 * 86_400_000
const maxPurged = 10_000

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : storableJson(value)
}
