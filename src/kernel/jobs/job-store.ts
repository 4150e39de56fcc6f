/** The records of jobs. */
import type { Metadata } from '#ports/metadata'
import { jobChanges } from './job-changes.ts'
import type { JobFilter, JobRecord, UnfinishedJob } from './job-record.ts'

const columns = `id, number, kind, subject, status, attempt, progress, error, actor, queued_at as "queuedAt",
  run_at as "runAt", started_at as "startedAt", finished_at as "finishedAt"`

export type JobStore = ReturnType<typeof jobStore>

const maxEndedJobs = 1_000
const maxEndedAgeMs = 30 * 86_400_000
const maxPurged = 10_000

export function jobStore(metadata: Metadata) {
  const sql = metadata.system
  return {
    ...jobChanges(sql),

    async unfinished(): Promise<readonly UnfinishedJob[]> {
      const { rows } = await sql.query<UnfinishedJob>(
        `select workspace, id, kind, run_at as "runAt" from kernel.job
         where status in ('queued', 'running') and not cancelling order by number`,
      )
      return rows
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
