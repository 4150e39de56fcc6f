/** The changes of state of a job: each is one conditional statement. */
import { storableJson } from '#core/storable-text'
import type { Sql } from '#ports/metadata'
import type { BegunJob, CancelledJob, JobError, JobProgress, JobStatus, NewJob } from './job-record.ts'

export function jobChanges(sql: Sql) {
  return {
    create: (job: NewJob): Promise<string> => createJob(sql, job),

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
      return await requeueEnded(sql, { workspace, id, runAt: now }, ['failed', 'cancelled'])
    },

    /** Jobs whose cancellation the end of a server cut off. */
    async endCancelling(now: number): Promise<void> {
      await sql.query(
        `update kernel.job set status = 'cancelled', finished_at = $1, cancelling = false
         where cancelling and status = 'running'`,
        [new Date(now)],
      )
    },
  }
}

/** Returns the id of the job, or of the unfinished one with the same key. */
async function createJob(sql: Sql, job: NewJob): Promise<string> {
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
    if (job.again && (await requeueEnded(sql, job, ['succeeded', 'failed', 'cancelled']))) return job.id
    const { rows } = await sql.query<{ id: string }>(
      `select id from kernel.job where workspace = $1 and (id = $2
         or (kind = $3 and singleton = $4 and status in ('queued', 'running'))) limit 1`,
      [job.workspace, job.id, job.kind, job.singleton ?? null],
    )
    // The other one ended between the two statements.
    if (rows[0] !== undefined) return rows[0].id
  }
}

/** Queues a job that has ended in one of these states anew, unless another unfinished job has its key. */
async function requeueEnded(
  sql: Sql,
  { workspace, id, runAt }: Pick<NewJob, 'workspace' | 'id' | 'runAt'>,
  ended: readonly JobStatus[],
): Promise<boolean> {
  const { affected } = await sql.query(
    `update kernel.job job set status = 'queued', attempt = 0, failures = 0, error = null, progress = null,
       run_at = $3, started_at = null, finished_at = null
     where workspace = $1 and id = $2 and status = any($4::text[]) and not exists (
       select from kernel.job other where other.workspace = job.workspace and other.kind = job.kind
         and other.singleton = job.singleton and other.status in ('queued', 'running'))`,
    [workspace, id, new Date(runAt), ended],
  )
  return affected > 0
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : storableJson(value)
}
