/**
 * A job is its worker's as long as the worker says so. pg-boss' own limit on a job, a day at most,
 * counts from the last sign of life, so that no job ends for being long.
 */
import type { Metadata } from '#ports/metadata'

interface Held {
  readonly id: string
  readonly attempt: number
}

/** Returns whether the job still belongs to this worker. A job that was given up, but not started by another worker, is resumed. */
export async function keep(metadata: Metadata, queue: string, { id, attempt }: Held): Promise<boolean> {
  const { affected } = await metadata.system.query(
    `update jobs.job set state = 'active', started_on = now()
     where name = $1 and id = $2 and retry_count = $3 and state in ('active', 'retry')`,
    [queue, id, attempt],
  )
  return affected > 0
}

/** As if it had not been taken from the queue. */
export async function giveBack(metadata: Metadata, queue: string, { id, attempt }: Held): Promise<void> {
  await metadata.system.query(
    `update jobs.job set state = 'created', started_on = null, start_after = now()
     where name = $1 and id = $2 and retry_count = $3 and state = 'active'`,
    [queue, id, attempt],
  )
}
