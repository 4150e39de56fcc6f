import { randomUUID } from 'node:crypto'
import { PgBoss } from 'pg-boss'
import { oncePerKey } from '#core/once-per-key'
import type { Clock } from '#ports/clock'
import type { EnqueueOptions, JobData, Jobs } from '#ports/jobs'
import type { Leases } from '#ports/leases'
import type { Metadata } from '#ports/metadata'
import { recoverInterrupted } from './interrupted.ts'
import { openSchedules } from './schedules.ts'
import { startWorker } from './worker.ts'
import type { Worker } from './worker.ts'

export interface PgBossOptions {
  readonly metadata: Metadata
  /** When schedules come. */
  readonly clock: Clock
  /** `true`: no other process works on this database, so a job found running at start was cut off and is taken up again. */
  readonly alone: boolean
  /** For the scheduler, where several processes share the database. */
  readonly leases?: Leases
  /** How often each queue is looked at when nothing woke it. Default 2 seconds. */
  readonly pollMs?: number
  /** How long a job stays its worker's after the worker's last sign of life. Default 60 seconds. */
  readonly heldSeconds?: number
  readonly onError?: (error: Error) => void
}

/** Jobs in the metadata database, in the schema `jobs`. */
export async function pgBossJobs(options: PgBossOptions): Promise<Jobs> {
  const { metadata } = options
  const heldSeconds = options.heldSeconds ?? 60
  const boss = new PgBoss({
    schema: 'jobs',
    backend: options.alone ? 'pglite' : 'postgres',
    db: { executeSql: async (text, values) => ({ rows: [...(await metadata.system.query(text, values ?? [])).rows] }) },
    // Statements on PGlite run one after another, so `reindex concurrently` could not run beside work.
    reindex: !options.alone,
    monitorVacuum: false,
    superviseIntervalSeconds: heldSeconds,
    monitorIntervalSeconds: heldSeconds,
    queueCacheIntervalSeconds: 300,
    schedule: false,
  })
  boss.on('error', (error) => options.onError?.(error))
  await boss.start()
  if (options.alone) await recoverInterrupted(boss, metadata)

  const queues = oncePerKey<void>()
  const workers = new Map<string, Worker>()
  const wakers = new Set<NodeJS.Timeout>()

  const ensure = (queue: string): Promise<void> =>
    queues(queue, () =>
      boss.createQueue(queue, { policy: 'exclusive', deleteAfterSeconds: 3 * 86_400, retentionSeconds: 30 * 86_400 }),
    )
  const wakeAfter = (queue: string, ms: number): void => {
    if (ms <= 0) return void workers.get(queue)?.wake()
    if (ms > 2 ** 31 - 1 || wakers.size >= maxWakers) return
    const timer = setTimeout(() => {
      wakers.delete(timer)
      workers.get(queue)?.wake()
    }, ms + 5)
    timer.unref()
    wakers.add(timer)
  }

  const schedules = await openSchedules({
    metadata,
    clock: options.clock,
    onError: options.onError,
    leases: options.leases,
    fire: async ({ queue, key, data, id }) => {
      await ensure(queue)
      await boss.send(queue, { ...data }, { id, singletonKey: `schedule:${key}`, expireInSeconds: heldSeconds })
      wakeAfter(queue, 0)
    },
  })

  return {
    enqueue: async (queue, data, wish = {}) => {
      await ensure(queue)
      const id = await send({ boss, metadata, heldSeconds }, queue, data, wish)
      wakeAfter(queue, wish.delayMs ?? 0)
      return id
    },
    work: async (queue, handler, { concurrency = 1 } = {}) => {
      if (workers.has(queue)) throw new Error(`The queue "${queue}" has a handler already.`)
      await ensure(queue)
      workers.set(
        queue,
        startWorker({
          boss,
          metadata,
          queue,
          handler,
          concurrency,
          heldSeconds,
          pollMs: options.pollMs ?? 2000,
          wakeAfter,
          onError: options.onError,
        }),
      )
    },
    cancel: async (queue, id) => {
      await ensure(queue)
      await boss.cancel(queue, id)
      workers.get(queue)?.cancel(id)
    },
    schedule: schedules.set,
    unschedule: schedules.remove,
    close: async (graceMs = 10_000) => {
      await schedules.close()
      for (const timer of wakers) clearTimeout(timer)
      await Promise.all([...workers.values()].map(async (worker) => await worker.close(graceMs)))
      await boss.stop({ graceful: false, close: false })
    },
  }
}

const maxWakers = 10_000

/**
 * Queues are `exclusive`: at most one unfinished job per key. Jobs without a `singleton` get a key
 * of their own. When the unfinished one ends between the refusal and the look, sending is tried again.
 */
async function send(
  { boss, metadata, heldSeconds }: { boss: PgBoss; metadata: Metadata; heldSeconds: number },
  queue: string,
  data: JobData,
  wish: EnqueueOptions,
): Promise<string> {
  const key = wish.singleton === undefined ? `job:${randomUUID()}` : `singleton:${wish.singleton}`
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const id = await boss.send(
      queue,
      { ...data },
      {
        singletonKey: key,
        retryLimit: wish.retries ?? 0,
        retryDelay: Math.ceil((wish.retryDelayMs ?? 0) / 1000),
        expireInSeconds: heldSeconds,
        ...(wish.delayMs === undefined ? {} : { startAfter: new Date(Date.now() + wish.delayMs) }),
      },
    )
    if (id !== null) return id
    const { rows } = await metadata.system.query<{ id: string }>(
      `select id from jobs.job where name = $1 and singleton_key = $2 and state <= 'active' limit 1`,
      [queue, key],
    )
    if (rows[0] !== undefined) return rows[0].id
  }
  throw new Error(`The queue "${queue}" did not take the job "${wish.singleton ?? ''}".`)
}
