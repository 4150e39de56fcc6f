import type { Metadata } from '#ports/metadata'
import type { RunStatistics } from '../index.ts'

/** Of the runs that ended since, or have not ended. */
export async function readStatistics(metadata: Metadata, workspace: string, since: Date): Promise<RunStatistics> {
  const { rows } = await metadata.inWorkspace(workspace).query<Record<string, string | number | bigint | null>>(
    `select count(*) filter (where status = 'succeeded') as succeeded, count(*) filter (where status = 'failed') as failed,
                count(*) filter (where status = 'cancelled') as cancelled, count(*) filter (where status in ('queued', 'running')) as running,
                coalesce(sum(rows_read), 0) as read, (avg(took))::float8 as avg, (percentile_cont(0.95) within group (order by took))::float8 as p95
           from (select status, rows_read, case when trigger <> 'stream' and finished_at is not null and started_at is not null
                        then (extract(epoch from finished_at - started_at) * 1000)::float8 end as took
                   from pipelines.run where workspace = $1 and (finished_at is null or finished_at >= $2)) recent`,
    [workspace, since.toISOString()],
  )
  const row = rows[0] ?? {}
  const milliseconds = (value: unknown) => (typeof value === 'number' ? Math.round(value) : null)
  return {
    succeeded: Number(row['succeeded'] ?? 0),
    failed: Number(row['failed'] ?? 0),
    cancelled: Number(row['cancelled'] ?? 0),
    running: Number(row['running'] ?? 0),
    recordsRead: Number(row['read'] ?? 0),
    latencyMs: { avg: milliseconds(row['avg']), p95: milliseconds(row['p95']) },
  }
}
