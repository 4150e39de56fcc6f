import type { PGlite } from '@electric-sql/pglite'

/**
 * What PostgreSQL's background processes do elsewhere: PGlite runs in single-user mode, without
 * checkpointer and autovacuum, so its log and its dead rows would only grow.
 */
export function upkeep(database: PGlite): { afterWork(): Promise<void> } {
  let works = 0
  let checkpointAt = 0
  let vacuumAt = Date.now() + vacuumEveryMs
  return {
    async afterWork() {
      works += 1
      if (works % lookEvery !== 0) return
      const result = await database.query<{ position: number }>(
        `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as position`,
      )
      const position = result.rows[0]?.position ?? 0
      if (checkpointAt === 0) checkpointAt = position
      if (position - checkpointAt > logBytes) {
        await database.exec('checkpoint')
        checkpointAt = position
      }
      if (Date.now() > vacuumAt) {
        vacuumAt = Date.now() + vacuumEveryMs
        await vacuum(database)
      }
    },
  }
}

const lookEvery = 200
const logBytes = 32 * 1024 * 1024
const vacuumEveryMs = 10 * 60_000

async function vacuum(database: PGlite): Promise<void> {
  const { rows } = await database.query<{ name: string }>(`
    select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
    where n_dead_tup > 500 and n_dead_tup > n_live_tup * 0.2`)
  for (const { name } of rows) await database.exec(`vacuum (analyze) ${name}`)
}
