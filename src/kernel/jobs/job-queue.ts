/** The jobs of all modules of an application: what `boot` opens, starts and stops. */
import type { Jobs } from '#ports/jobs'
import type { Clock } from '#ports/clock'
import type { Metadata } from '#ports/metadata'
import type { Logger } from '../module/module.ts'
import { attemptJob } from './attempt.ts'
import { jobEntries } from './job-entries.ts'
import { jobCancelled } from './jobs.ts'
import type { JobDefinition, JobDefinitions, JobHandler, ModuleJobs } from './jobs.ts'
import type { JobModule } from './declarations.ts'
import type { JobRecords } from './job-records.ts'
import { jobStore } from './job-store.ts'
import { moduleJobs } from './module-jobs.ts'

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

export function openJobQueue(modules: readonly JobModule[], parts: JobQueueParts): JobQueue {
  const { jobs: queue, clock, log, stopping } = parts
  const store = jobStore(parts.metadata)
  const entries = jobEntries(queue, store, clock)
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

  const cancel = async (workspace: string, id: string): Promise<boolean> => {
    const cancelled = await store.cancel(workspace, id, clock.now())
    if (cancelled === undefined) return false
    running.get(id)?.abort(jobCancelled)
    const { success, data: payload } = definitions.get(cancelled.kind)?.payload.safeParse(cancelled.payload) ?? {}
    if (cancelled.waited && success) await handlerOf(cancelled.kind)?.cancelled?.({ id, workspace, payload })
    return true
  }

  const work = async (definition: JobDefinition, handler: JobHandler): Promise<void> => {
    await queue.work(
      definition.name,
      async (entry, signal) => {
        const record = await entries.placeOf(definition, entry)
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
      if (definition !== undefined) await entries.add(definition, { workspace, id }, runAt.getTime() - clock.now())
    }
  }

  const purge = (): void => {
    store.purge(clock.now()).catch((error: unknown) => log.warn({ err: error }, 'ended jobs could not be purged'))
  }

  return {
    of: (module) => moduleJobs(module, { queue, entries, cancel }),
    records: {
      get: store.get,
      list: store.list,
      definitions: [...definitions.values()],
      cancel,
      async retry(workspace, id) {
        if (!(await store.retry(workspace, id, clock.now()))) return false
        const record = await store.get(workspace, id)
        const definition = definitions.get(record?.kind ?? '')
        if (definition !== undefined) await entries.add(definition, { workspace, id })
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
          await queue.schedule(definition.name, { key: 'server', cron, zone, data: { workspace: serverWorkspace } })
        }
        await work(definition, handler)
      }
    },
  }
}

/** Jobs for the server as a whole are listed where the operator looks. */
const serverWorkspace = 'default'
