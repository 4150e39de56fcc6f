/** One attempt at a job: from its entry in the queue to the next state of its record. */
import { isMillraceError } from '#core/errors'
import type { Clock } from '#ports/clock'
import type { Logger } from '../module/module.ts'
import { RetryAfter } from '#ports/jobs'
import { AttemptFailure, type JobDefinition, type JobHandler } from './jobs.ts'
import type { BegunJob, JobError, JobProgress } from './job-record.ts'
import type { JobStore } from './job-store.ts'

export interface AttemptParts {
  readonly store: JobStore
  readonly clock: Clock
  readonly log: Logger
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal
}

export interface AttemptedJob {
  readonly workspace: string
  readonly id: string
  readonly definition: JobDefinition
  readonly handler: JobHandler
}

/** Attempts that the end of a server cut off. */
const maxInterruptions = 5
const progressEveryMs = 1_000
const cleanUpMs = 10_000
const maxDoublings = 20
const maxRetryDelayMs = 86_400_000

/** Rejects when the queue should try again. */
export async function attemptJob(
  parts: AttemptParts,
  job: AttemptedJob,
  cancelled: AbortSignal,
  queueSignal: AbortSignal,
): Promise<void> {
  const { store, clock, log, stopping } = parts
  const { workspace, id, definition, handler } = job
  const begun = await store.begin(workspace, id, clock.now())
  if (begun === undefined) return
  if (begun.attempt - begun.failures > maxInterruptions + 1)
    return await store.end(workspace, id, { status: 'failed', error: interrupted, now: clock.now() })

  const timeout = new AbortController()
  const over = new AbortController()
  if (definition.timeoutMs !== undefined)
    void clock
      .sleep(definition.timeoutMs, over.signal)
      .then(() => timeout.abort(new DOMException('The attempt took too long.', 'TimeoutError')))
      .catch(() => undefined)
  const signal = AbortSignal.any([cancelled, timeout.signal, queueSignal, stopping])
  const progress = progressWriter(parts, workspace, id)
  try {
    const { success, data: payload } = definition.payload.safeParse(begun.payload)
    if (!success) return await store.end(workspace, id, { status: 'failed', error: unreadable, now: clock.now() })
    await withSignal(
      clock,
      signal,
      Promise.resolve(handler.run({ id, workspace, payload, attempt: begun.attempt, signal, progress: progress.set })),
    )
    await progress.close()
    if (cancelled.aborted) await store.end(workspace, id, { status: 'cancelled', now: clock.now() })
    else if (definition.keep === 'failures') await store.forget(workspace, id)
    else await store.end(workspace, id, { status: 'succeeded', now: clock.now() })
  } catch (error) {
    await progress.close()
    if (cancelled.aborted) return await store.end(workspace, id, { status: 'cancelled', now: clock.now() })
    // The record stays "running": the next start, or the worker that took over, continues it.
    if (stopping.aborted || queueSignal.aborted) throw error
    const { cause, retry } = timeout.signal.aborted ? { cause: tookTooLong(definition) } : failureOf(error)
    if (!isMillraceError(cause) && !timeout.signal.aborted)
      log.error({ err: error, job: id, kind: definition.name }, 'a job failed unexpectedly')
    await failAttempt(parts, job, begun, { error: errorOf(cause, id), retry })
  } finally {
    over.abort()
  }
}

async function failAttempt(
  { store, clock }: AttemptParts,
  { workspace, id, definition }: AttemptedJob,
  { failures }: BegunJob,
  { error, retry }: { readonly error: JobError; readonly retry?: AttemptFailure['retry'] | undefined },
): Promise<void> {
  if (retry === 'never' || failures >= (definition.retries ?? 0))
    return await store.end(workspace, id, { status: 'failed', error, now: clock.now() })
  const backoff = retryDelayOf(definition) * 2 ** Math.min(failures, maxDoublings)
  const delayMs = Math.min(Math.max(backoff, retry?.afterMs ?? 0), maxRetryDelayMs)
  await store.requeue(workspace, id, error, clock.now() + delayMs)
  throw new RetryAfter(error.detail, delayMs)
}

function failureOf(error: unknown): { readonly cause: unknown; readonly retry?: AttemptFailure['retry'] } {
  return error instanceof AttemptFailure ? error : { cause: error }
}

export function retryDelayOf({ retryDelayMs = 5_000 }: JobDefinition): number {
  return retryDelayMs
}

/** After an abort the handler has some time to clean up; one that does not look at its signal is left behind. */
async function withSignal(clock: Clock, signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  const aborted = Promise.withResolvers<never>()
  const over = new AbortController()
  const abort = (): void =>
    void clock.sleep(cleanUpMs, over.signal).then(
      () => aborted.reject(signal.reason as Error),
      () => undefined,
    )
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([work, aborted.promise])
  } finally {
    over.abort()
    signal.removeEventListener('abort', abort)
    work.catch(() => undefined)
  }
}

function progressWriter({ store, clock, log }: AttemptParts, workspace: string, id: string) {
  let latest: JobProgress | undefined
  let writing: Promise<void> | undefined
  let writtenAt = Number.NEGATIVE_INFINITY
  const write = (): void => {
    if (latest === undefined || writing !== undefined) return
    const progress = latest
    latest = undefined
    writtenAt = clock.now()
    writing = store
      .progress(workspace, id, progress)
      .catch((error: unknown) => log.warn({ err: error, job: id }, 'the progress of a job could not be written'))
      .finally(() => (writing = undefined))
  }
  return {
    set(done: number, total?: number, note?: string): void {
      latest = { done, ...(total === undefined ? {} : { total }), ...(note === undefined ? {} : { note }) }
      if (clock.now() - writtenAt >= progressEveryMs) write()
    },
    async close(): Promise<void> {
      await writing
      write()
      await writing
    },
  }
}

const interrupted: JobError = {
  code: 'jobs.interrupted',
  title: 'Interrupted too often',
  detail: `The server ended during ${maxInterruptions} attempts at this job, so it is not tried again by itself.`,
}
const unreadable: JobError = {
  code: 'jobs.unreadable',
  title: 'The payload is not readable',
  detail:
    'The job was queued by another version of Millrace, and its payload does not have the form that this one expects.',
}

function tookTooLong({ timeoutMs = 0 }: JobDefinition): JobError {
  return {
    code: 'jobs.timeout',
    title: 'The attempt took too long',
    detail: `The attempt was stopped after ${Math.round(timeoutMs / 1000)} s, the limit of this kind of job.`,
  }
}

function errorOf(error: unknown, id: string): JobError {
  if (isMillraceError(error))
    return {
      code: error.code,
      title: error.title,
      detail: error.remedy ? `${error.message} ${error.remedy}` : error.message,
    }
  if (isJobError(error)) return error
  return {
    code: 'bug',
    title: 'A fault in Millrace',
    detail: `Something went wrong inside Millrace. The server's log has the error under the job id "${id}".`,
  }
}

function isJobError(error: unknown): error is JobError {
  return (
    typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'detail' in error
  )
}
