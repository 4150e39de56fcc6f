/** The jobs of all modules of an application: what `boot` opens, starts and stops. */
import { randomUUID } from 'node:crypto'
import type { Job, Jobs } from '#ports/jobs'
import type { Clock } from '#ports/clock'
import type { Metadata } from '#ports/metadata'
import { check } from '../problems/problems.ts'
import type { Logger } from '../module/module.ts'
import { requestScope } from '../logs/request-scope.ts'
import { attemptJob, retryDelayOf } from './attempt.ts'
import { jobCancelled } from './jobs.ts'
import type { EnqueueJob, JobDefinition, JobDefinitions, JobHandler, ModuleJobs } from './jobs.ts'
import type { JobModule } from './declarations.ts'
import type { JobRecords } from './job-records.ts'
import { jobStore, type JobActor } from './job-store.ts'

export interface JobQueue {
  /** The jobs of one module, refusing those it does not declare. */
  of(module: JobModule): ModuleJobs
  readonly records: JobRecords
  /** Takes up what a crash cut off, then serves the queues. */
  start(handlers: ReadonlyMap<string, Readonly<Record<string, JobHandler>>>): Promise<void>
}

export interface JobQueueParts {
  readonly metadata: Metadata
  readonly jobs: Jobs
  readonly clock: Clock
  readonly log: Logger
  readonly stopping: AbortSignal
}

const purgeEveryMs = 3_600_000
/** The queue counts interruptions as attempts; the record decides when it is enough. */
const queueRetries = 100

export function openJobQueue(modules: readonly JobModule[], parts: JobQueueParts): JobQueue {
  const { jobs: queue, clock, log, stopping } = parts
  const store = jobStore(parts.metadata)
  const definitions = new Map(
    modules.flatMap(({ jobs = {} }) =>
      Object.values(jobs as JobDefinitions).map((definition) => [definition.name, definition] as const),
    ),
  )
  let handlers: ReadonlyMap<string, Readonly<Record<string, JobHandler>>> = new Map()
  const handlerOf = (kind: string): JobHandler | undefined => {
    const [module = '', key = ''] = kind.split('.', 2)
    return handlers.get(module)?.[key]
  }
  /** Attempts of this process, to tell them at once that they are cancelled. */
  const running = new Map<string, AbortController>()

  const addEntry = async (definition: JobDefinition, workspace: string, id: string, delayMs = 0): Promise<void> => {
    await queue.enqueue(
      definition.name,
      { workspace, job: id },
      {
        singleton: id,
        retries: queueRetries,
        retryDelayMs: retryDelayOf(definition),
        ...(delayMs > 0 ? { delayMs } : {}),
      },
    )
  }

  /** The payload is kept as it was given; what it parses to is only looked at. */
  const create = async (
    definition: JobDefinition,
    workspace: string,
    payload: unknown,
    more: EnqueueJob & { readonly id?: string; readonly actor: JobActor | undefined },
  ): Promise<string> => {
    const now = clock.now()
    const { success, data } = definition.payload.safeParse(payload)
    return await store.create({
      id: (success ? definition.id?.(data) : undefined) ?? more.id ?? randomUUID(),
      workspace,
      kind: definition.name,
      // One that another version queued may not be readable; its attempt says so.
      subject: success ? definition.subject?.(data) : undefined,
      payload,
      singleton: more.singleton,
      actor: more.actor,
      queuedAt: now,
      runAt: now + (more.delayMs ?? 0),
      again: more.again ?? false,
    })
  }

  const cancel = async (workspace: string, id: string): Promise<boolean> => {
    const cancelled = await store.cancel(workspace, id, clock.now())
    if (cancelled === undefined) return false
    running.get(id)?.abort(jobCancelled)
    const { success, data: payload } = definitions.get(cancelled.kind)?.payload.safeParse(cancelled.payload) ?? {}
    if (cancelled.waited && success) await handlerOf(cancelled.kind)?.cancelled?.({ id, workspace, payload })
    return true
  }

  /** An entry names its record; one of a schedule, or of an earlier version, carries the payload itself. */
  const recordOf = async (definition: JobDefinition, { id, data }: Job): Promise<{ workspace: string; id: string }> => {
    const { workspace, job, ...payload } = data as { workspace?: unknown; job?: unknown }
    if (typeof workspace !== 'string') throw new Error(`The entry "${id}" of "${definition.name}" names no workspace.`)
    if (typeof job === 'string') return { workspace, id: job }
    return { workspace, id: await create(definition, workspace, payload, { id, actor: scheduler }) }
  }

  const work = async (definition: JobDefinition, handler: JobHandler): Promise<void> => {
    await queue.work(
      definition.name,
      async (entry, signal) => {
        const record = await recordOf(definition, entry)
        const cancelled = new AbortController()
        running.set(record.id, cancelled)
        try {
          await attemptJob(
            { store, clock, log, stopping },
            { ...record, definition, handler },
            cancelled.signal,
            signal,
          )
        } finally {
          if (running.get(record.id) === cancelled) running.delete(record.id)
        }
      },
      { concurrency: definition.concurrency ?? 1 },
    )
  }

  const takeUp = async (): Promise<void> => {
    await store.endCancelling(clock.now())
    for (const { workspace, id, kind, runAt } of await store.unfinished()) {
      const definition = definitions.get(kind)
      if (definition !== undefined) await addEntry(definition, workspace, id, runAt.getTime() - clock.now())
    }
  }

  const purge = (): void => {
    store.purge(clock.now()).catch((error: unknown) => log.warn({ err: error }, 'ended jobs could not be purged'))
  }

  return {
    of: (module) => {
      const declared = new Set(Object.values((module.jobs ?? {}) as JobDefinitions))
      const own = (definition: JobDefinition): void => {
        if (!declared.has(definition))
          throw new Error(`The module "${module.name}" does not declare the job "${definition.name}".`)
      }
      return {
        async enqueue(workspace, definition, given, options = {}) {
          own(definition)
          parsed(definition, given)
          const actor = requestScope.getStore()?.actor
          const id = await create(definition, workspace, given, { ...options, actor })
          await addEntry(definition, workspace, id, options.delayMs)
          return id
        },
        async schedule(workspace, definition, { key, cron, zone, payload }) {
          own(definition)
          parsed(definition, payload)
          await queue.schedule(definition.name, key, cron, zone, { ...(payload as object), workspace })
        },
        async unschedule(definition, key) {
          own(definition)
          await queue.unschedule(definition.name, key)
        },
        cancel,
      }
    },
    records: {
      get: store.get,
      list: store.list,
      definitions: [...definitions.values()],
      cancel,
      async retry(workspace, id) {
        if (!(await store.retry(workspace, id, clock.now()))) return false
        const record = await store.get(workspace, id)
        const definition = definitions.get(record?.kind ?? '')
        if (definition !== undefined) await addEntry(definition, workspace, id)
        return true
      },
    },
    async start(given) {
      if (definitions.size === 0) return
      handlers = given
      await takeUp()
      purge()
      const purging = clock.every(purgeEveryMs, purge)
      stopping.addEventListener('abort', () => purging.stop(), { once: true })
      for (const definition of definitions.values()) {
        const handler = handlerOf(definition.name)
        if (handler === undefined) continue
        if (definition.schedule !== undefined) {
          const { cron, zone } = definition.schedule
          await queue.schedule(definition.name, 'server', cron, zone, { workspace: serverWorkspace })
        }
        await work(definition, handler)
      }
    },
  }
}

/** Jobs for the server as a whole are listed where the operator looks. */
const serverWorkspace = 'default'
const scheduler: JobActor = { kind: 'system', id: 'system:schedule', name: 'schedule' }

function parsed(definition: JobDefinition, payload: unknown): object {
  const { value, problems } = check(definition.payload, payload)
  if (problems.length > 0 || typeof value !== 'object' || value === null)
    throw new Error(`The payload of the job "${definition.name}" is wrong: ${JSON.stringify(problems.slice(0, 3))}`)
  return value
}
