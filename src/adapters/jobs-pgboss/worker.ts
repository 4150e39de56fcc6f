import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { RetryAfter, type Job, type Jobs } from '#ports/jobs'
import { giveBack, keep } from './held-jobs.ts'
import type { Metadata } from '#ports/metadata'

export interface WorkerOptions {
  readonly boss: PgBoss
  readonly metadata: Metadata
  readonly queue: string
  readonly handler: Parameters<Jobs['work']>[1]
  readonly concurrency: number
  readonly heldSeconds: number
  readonly pollMs: number
  readonly wakeAfter: (queue: string, ms: number) => void
  readonly onError: ((error: Error) => void) | undefined
}

export interface Worker {
  wake(): void
  cancel(id: string): void
  close(graceMs: number): Promise<void>
}

interface Running {
  readonly work: Work
  readonly done: Promise<void>
}

/** A job at work. Its try changes when it is fetched again under its own handler. */
interface Work {
  readonly id: string
  attempt: number
  /** Somebody else's by now. */
  lost: boolean
  readonly abort: AbortController
  /** Seconds, where its failure named them. */
  retryDelay?: number
}

/**
 * One loop for a queue, whatever its concurrency: fetches as many jobs as there are free places,
 * when woken or when its time has come. (pg-boss' own workers poll once per place and cannot be
 * woken together.)
 */
export function startWorker(options: WorkerOptions): Worker {
  const { boss, queue } = options
  const running = new Map<string, Running>()
  let woken = false
  let closing = false
  let endPause: (() => void) | undefined

  const wake = (): void => {
    woken = true
    endPause?.()
  }
  const pause = async (): Promise<void> => {
    if (woken) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, options.pollMs)
      timer.unref()
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    endPause = undefined
  }
  const loop = async (): Promise<void> => {
    while (!closing) {
      woken = false
      const places = options.concurrency - running.size
      try {
        const jobs =
          places <= 0 ? [] : await boss.fetch<Job['data']>(queue, { batchSize: places, includeMetadata: true })
        for (const job of jobs ?? []) {
          const here = running.get(job.id)
          // It was given up while the machine slept, and put back into the queue.
          if (here !== undefined) here.work.attempt = job.retryCount
          else start(job)
        }
        if (running.size > 0) await lookAfterRunning(options, running)
      } catch (error) {
        options.onError?.(error as Error)
      }
      await pause()
    }
  }
  const start = (job: JobWithMetadata<Job['data']>): void => {
    const work: Work = { id: job.id, attempt: job.retryCount, lost: false, abort: new AbortController() }
    const done = run(options, job, work, () => closing)
      .catch((error: Error) => options.onError?.(error))
      .then(() => {
        running.delete(job.id)
        if (job.retryCount < job.retryLimit) options.wakeAfter(queue, (work.retryDelay ?? job.retryDelay) * 1000)
        wake()
      })
    running.set(job.id, { work, done })
  }

  const looping = loop()
  return {
    wake,
    cancel: (id) => running.get(id)?.work.abort.abort(new Error('The job was cancelled.')),
    close: async (graceMs) => {
      closing = true
      wake()
      await looping
      const ended = Promise.all([...running.values()].map(({ done }) => done))
      await within(ended, graceMs)
      for (const { work } of running.values()) work.abort.abort(new Error('The server stops.'))
      await within(ended, afterAbortMs)
    },
  }
}

const afterAbortMs = 2000

async function run(
  options: WorkerOptions,
  job: JobWithMetadata<Job['data']>,
  work: Work,
  closing: () => boolean,
): Promise<void> {
  const { boss, metadata, queue, heldSeconds } = options
  const beat = setInterval(
    () => {
      keep(metadata, queue, work).then(
        (ours) => {
          if (ours) return
          work.lost = true
          work.abort.abort(new Error("The job has become somebody else's."))
        },
        (error: Error) => options.onError?.(error),
      )
    },
    (heldSeconds * 1000) / 3,
  )
  beat.unref()
  try {
    await options.handler({ id: job.id, data: job.data, attempt: job.retryCount + 1 }, work.abort.signal)
    if (!work.lost) await boss.complete(queue, job.id)
  } catch (error) {
    if (work.lost) return
    // Cut off by the stop of the server: the next start takes it up.
    if (work.abort.signal.aborted && closing()) return await giveBack(metadata, queue, work)
    if (error instanceof RetryAfter) {
      work.retryDelay = Math.ceil(error.delayMs / 1000)
      await metadata.system.query('update jobs.job set retry_delay = $3 where name = $1 and id = $2', [
        queue,
        job.id,
        work.retryDelay,
      ])
    }
    await boss.fail(queue, job.id, { message: error instanceof Error ? error.message : String(error) })
  } finally {
    clearInterval(beat)
  }
}

/** Hears of cancellations that came through another process. */
async function lookAfterRunning(options: WorkerOptions, running: ReadonlyMap<string, Running>): Promise<void> {
  const { rows } = await options.metadata.system.query<{ id: string }>(
    `select id from jobs.job where name = $1 and id = any($2::uuid[]) and state = 'cancelled'`,
    [options.queue, [...running.keys()]],
  )
  for (const { id } of rows) running.get(id)?.work.abort.abort(new Error('The job was cancelled.'))
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    work,
    new Promise((resolve) => {
      timer = setTimeout(resolve, ms)
    }),
  ])
  clearTimeout(timer)
}
