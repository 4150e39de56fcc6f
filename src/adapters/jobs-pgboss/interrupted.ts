import type { PgBoss } from 'pg-boss'
import type { Metadata } from '#ports/metadata'

/**
 * Jobs that ran when the process was killed. They are queued again even when their tries are used
 * up, because they did not fail; a job that was cut off again and again is given up, since it may
 * be what kills the process.
 */
export async function recoverInterrupted(boss: PgBoss, metadata: Metadata): Promise<void> {
  await metadata.system.query(`
    update jobs.job set state = 'retry', start_after = now()
    where state = 'active' and name not like '\\_\\_pgboss%' and retry_count < retry_limit + ${maxInterruptions}`)
  const { rows } = await metadata.system.query<{ name: string; id: string }>(
    `select name, id from jobs.job where state = 'active' and name not like '\\_\\_pgboss%'`,
  )
  for (const { name, id } of rows)
    await boss.fail(name, id, { message: `The process ended ${maxInterruptions} times while this job ran.` })
}

const maxInterruptions = 5
