/**
 * Jobs are work that outlives a request: queued durably, retried, seen by one worker at a time, and
 * listed for people with progress, outcome and a way to cancel or retry. SPEC.md has the states.
 *
 * ```ts
 * import { z } from 'zod'
 *
 * const shelfJobs = defineJobs('shelf', {
 *   count: job({
 *     about: 'Count the books of a shelf.',
 *     payload: z.object({ shelf: z.string() }),
 *     subject: ({ shelf }) => ({ kind: 'shelf', id: shelf }),
 *     retries: 2,
 *   }),
 * })
 * shelfJobs.count.name // 'shelf.count'
 * ```
 *
 * The module names them in its spec (`jobs: shelfJobs`), brings a handler for each when it starts
 * (`work: { count: { run: async ({ payload, progress }) => … } }`) and queues one with
 * `await jobs.enqueue(workspace, shelfJobs.count, { shelf: 'north' })`.
 */
import type { z } from 'zod'
import type { MillraceError } from '#core/errors'
import type { ObjectRef } from '#core/object-ref'

export interface JobSpec<P extends z.ZodType = z.ZodType> {
  /** One sentence. */
  readonly about: string
  /** Fields may be added later, with a default: jobs queued before are read with it too. */
  readonly payload: P
  /** The object the job is about, for those who look at the list. */
  subject?(payload: z.output<P>): ObjectRef
  /** The id of the job, a UUID, where the payload has one: queueing it twice is one job. Default: a random one. */
  id?(payload: z.output<P>): string
  /** Further attempts after a failure. Default 0. A server that ends is no failure. */
  readonly retries?: number
  /** Before the first retry; doubled for each further one. Default 5 seconds. */
  readonly retryDelayMs?: number
  /** Jobs of this kind that run side by side. Default 1. */
  readonly concurrency?: number
  /** An attempt that takes longer fails. Default: none. */
  readonly timeoutMs?: number
  /** `failures`: a job that succeeded is forgotten at once, for ticks that come by the minute. Default `all`. */
  readonly keep?: 'all' | 'failures'
  /** Why people cannot queue it again, and what they do instead. */
  readonly notRetried?: string
  /** Runs by itself, for the server as a whole; the payload must accept `{}`. */
  readonly schedule?: { readonly cron: string; readonly zone: string }
}

export interface JobDefinition<N extends string = string, P extends z.ZodType = z.ZodType> extends JobSpec<P> {
  /** `<module>.<job>`, the name of its queue too. */
  readonly name: N
}

export type JobDefinitions = Readonly<Record<string, JobDefinition>>

export function job<P extends z.ZodType>(spec: JobSpec<P>): JobSpec<P> {
  return spec
}

// `any`: payloads differ; the result keeps each one's own
export function defineJobs<const M extends string, const J extends Readonly<Record<string, JobSpec<any>>>>(
  module: M,
  specs: J,
): { readonly [K in keyof J & string]: JobDefinition<`${M}.${K}`, J[K]['payload']> } {
  const defined = Object.entries(specs).map(([key, spec]) => [key, { ...spec, name: `${module}.${key}` }])
  return Object.fromEntries(defined) as { [K in keyof J & string]: JobDefinition<`${M}.${K}`, J[K]['payload']> }
}

/** What a handler gets. It fails by throwing; a `MillraceError` is shown to people as it is. */
export interface JobCall<P extends z.ZodType = z.ZodType> {
  readonly id: string
  readonly workspace: string
  readonly payload: z.output<P>
  /** 1 for the first. An attempt that the end of a server cut off counts too. */
  readonly attempt: number
  /** Aborted when the job is cancelled, takes too long, the server stops, or another worker took over. */
  readonly signal: AbortSignal
  /** Shown in the list. Written at most once a second. */
  progress(done: number, total?: number, note?: string): void
}

// Declared as methods, so that handlers of different jobs fit into one table.
export interface JobHandler<P extends z.ZodType = z.ZodType> {
  run(call: JobCall<P>): Promise<unknown> | void
  /** Called after somebody cancelled the job while it waited. One that runs hears of it by its signal. */
  cancelled?(job: Pick<JobCall<P>, 'id' | 'workspace' | 'payload'>): Promise<void>
}

/**
 * Thrown by a handler that knows when another attempt makes sense: never, or not before some time. The retries of
 * the definition still bound how many there are.
 */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure'
  override readonly cause: MillraceError
  readonly retry: 'never' | { readonly afterMs: number }

  constructor(cause: MillraceError, retry: AttemptFailure['retry']) {
    super(cause.message, { cause })
    this.cause = cause
    this.retry = retry
  }
}

export type JobHandlers<J extends JobDefinitions> = { readonly [K in keyof J]: JobHandler<J[K]['payload']> }

/** The reason of the signal of a job that somebody cancelled. */
export const jobCancelled = new DOMException('The job was cancelled.', 'AbortError')

export interface EnqueueJob {
  /** At most one unfinished job of the kind in the workspace has this key; queueing it again returns that one's id. */
  readonly singleton?: string
  readonly delayMs?: number
  /** A job that has ended under the same id runs once more. */
  readonly again?: boolean
}

/** What a module does with its own jobs. */
export interface ModuleJobs {
  /** Returns the id of the job, or of the unfinished one with the same `singleton` key. */
  enqueue<D extends JobDefinition>(
    workspace: string,
    definition: D,
    payload: z.input<D['payload']>,
    options?: EnqueueJob,
  ): Promise<string>
  /** Five-field cron in a named zone; replaces the schedule with the same key. Each time becomes one job. */
  schedule<D extends JobDefinition>(
    workspace: string,
    definition: D,
    schedule: {
      readonly key: string
      readonly cron: string
      readonly zone: string
      readonly payload: z.input<D['payload']>
    },
  ): Promise<void>
  unschedule(definition: JobDefinition, key: string): Promise<void>
  /** False when it has ended. */
  cancel(workspace: string, id: string): Promise<boolean>
}
