/**
 * Work that outlives a request: queued durably, tried again, seen by one worker at a time.
 *
 * ```ts
 * const done = Promise.withResolvers<unknown>()
 * await ports.jobs.work('reports', async ({ data }) => done.resolve(data['day']))
 * await ports.jobs.enqueue('reports', { day: '2026-11-01' }, { singleton: 'reports/2026-11-01', retries: 3 })
 * await done.promise // '2026-11-01'
 * ```
 */
export interface Jobs {
  /** Answers the job's id, or the id of the unfinished one with the same `singleton` key. */
  enqueue(queue: string, data: JobData, options?: EnqueueOptions): Promise<string>
  /**
   * One handler per queue. Its failure counts as a try, and a `RetryAfter` says when the next one comes; its signal tells of cancellation, of shutdown,
   * and that the job has become somebody else's. It may take as long as it needs.
   */
  work(
    queue: string,
    handler: (job: Job, signal: AbortSignal) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<void>
  cancel(queue: string, id: string): Promise<void>
  /**
   * Five-field cron in a named zone; replaces the schedule of the same key. Each time comes as one
   * job. Times that passed while nobody worked, or while the job of an earlier one is unfinished, are
   * made up for by one job. Setting the same cron and zone again forgets nothing of that.
   */
  schedule(queue: string, schedule: JobSchedule): Promise<void>
  unschedule(queue: string, key: string): Promise<void>
  /** Stops taking work, waits for what runs up to `graceMs`, then aborts it. */
  close(graceMs?: number): Promise<void>
}

export interface JobSchedule {
  readonly key: string
  readonly cron: string
  readonly zone: string
  readonly data: JobData
}

export type JobData = { readonly [key: string]: unknown }

export interface Job {
  readonly id: string
  readonly data: JobData
  readonly attempt: number
}

export interface EnqueueOptions {
  readonly singleton?: string
  readonly delayMs?: number
  readonly retries?: number
  readonly retryDelayMs?: number
}

/** A failure that says how long to wait before the next attempt, in place of `retryDelayMs`. */
export class RetryAfter extends Error {
  override readonly name = 'RetryAfter'
  readonly delayMs: number

  constructor(message: string, delayMs: number) {
    super(message)
    this.delayMs = delayMs
  }
}
