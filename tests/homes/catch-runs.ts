/** Where a killed server left the runs of a home, read from its stopped database. */
import { mkdtempSync, rmSync, cpSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'

export interface CaughtRun {
  readonly id: string
  readonly pipeline: string
  readonly name: string
  readonly status: string
  readonly trigger: string
  readonly attempt: number
  /** Of a streaming pipeline: bounds of its slice, and whether the journal of its destination knows that slice. */
  readonly slice:
    | { readonly after: bigint; readonly to: bigint; readonly position: bigint; readonly known: boolean }
    | undefined
}

export async function caughtRuns(home: string): Promise<readonly CaughtRun[]> {
  const copy = mkdtempSync(join(tmpdir(), 'millrace-caught-'))
  try {
    cpSync(join(home, 'metadata'), copy, { recursive: true })
    const database = await PGlite.create({ dataDir: copy })
    const { rows } = await database.query<Record<string, string | number | boolean | null>>(`
      select r.id, r.pipeline_id, d.name, r.status, r.trigger, r.attempt, s.after_position, s.to_position,
        coalesce((select c.position from log.consumer c where c.name = 'pipeline:' || d.id), 0)::text as position,
        exists (select 1 from log.block b where b.id like '%' || d.id || '/' || s.after_position || '-' || s.to_position || '%') as known
      from pipelines.run r join pipelines.definition d on d.id = r.pipeline_id
        left join pipelines.slice s on s.pipeline_id = d.id and r.trigger = 'stream'
      where r.status in ('queued', 'running') order by r.number`)
    await database.close()
    return rows.map((row) => ({
      id: String(row['id']),
      pipeline: String(row['pipeline_id']),
      name: String(row['name']),
      status: String(row['status']),
      trigger: String(row['trigger']),
      attempt: Number(row['attempt']),
      slice:
        row['to_position'] === null
          ? undefined
          : {
              after: BigInt(String(row['after_position'])),
              to: BigInt(String(row['to_position'])),
              position: BigInt(String(row['position'])),
              known: row['known'] === true,
            },
    }))
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
