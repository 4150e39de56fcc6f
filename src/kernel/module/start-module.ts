/** One module from its spec to what it brings, and to its end. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ObjectRef } from '#core/object-ref'
import type { AuditReader } from '../audit/read.ts'
import type { ReferencesTo } from '../definitions/definition-locks.ts'
import { definitionVersions } from '../definitions/definition-versions.ts'
import type { Egress } from '../egress/egress.ts'
import { handlerFaults } from '../events/declarations.ts'
import type { ModuleEvents } from '../events/module-events.ts'
import { workFaults } from '../jobs/declarations.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { WarehouseMigrations } from '../stores/warehouse-migrations.ts'
import type { Vault } from '../vault/vault.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Logger, Module, Started } from './module.ts'
import { operationsOf } from './start-order.ts'

export type AnyStarted = Started<unknown, any, any, any> // `any`: handlers are found by name here, their types were checked in the module

export interface StartNeeds {
  readonly events: ModuleEvents
  readonly jobs: JobQueue
  readonly vault: Vault
  readonly egress: Egress
  readonly started: ReadonlyMap<string, AnyStarted>
  readonly config: unknown
  readonly log: Logger
  readonly stopping: AbortSignal
  readonly permissions: ReadonlyMap<string, string>
  readonly audit: AuditReader
  readonly warehouseMigrations: WarehouseMigrations
  readonly workers: WorkerPool
}

export async function startModule(
  module: Module,
  { events, jobs, started, ...context }: StartNeeds,
): Promise<AnyStarted> {
  const needs = Object.fromEntries(
    Object.entries((module.needs ?? {}) as Record<string, { module: string }>).map(([key, face]) => [
      key,
      started.get(face.module)?.face,
    ]),
  )
  const referencesTo: ReferencesTo = async (workspace, subject, sql) => {
    const asked = sql ?? events.ports.metadata.inWorkspace(workspace)
    const found: ObjectRef[] = []
    // One after the other: the session of a transaction runs one statement at a time.
    for (const other of started.values()) found.push(...((await other.references?.(workspace, subject, asked)) ?? []))
    return found
  }
  const result: AnyStarted = await module.start({
    needs,
    ...context,
    ports: events.ports,
    emit: events.emitOf(module),
    versions: definitionVersions(events.ports.metadata),
    jobs: jobs.of(module),
    jobRecords: jobs.records,
    parkedEvents: events.parked,
    referencesTo,
    warehouseViews: () => [...started.values()].flatMap((other) => other.warehouseViews ?? []),
    packKinds: () => [...started.values()].flatMap((other) => other.packKinds ?? []),
  })
  const missing = operationsOf(module).filter(([key]) => typeof result.handlers[key] !== 'function')
  const silent = Object.keys(module.sockets ?? {}).filter((key) => typeof result.sockets?.[key] !== 'function')
  const [fault] = [...handlerFaults(module, result.on), ...workFaults(module, result.work)]
  if (missing.length + silent.length === 0 && fault === undefined) return result
  await result.stop?.()
  if (fault !== undefined) throw new Error(fault)
  throw new Error(
    `The module "${module.name}" brings no handler for ${[...missing.map(([key]) => key), ...silent].map((key) => `"${key}"`).join(', ')}.`,
  )
}

const stopPatienceMs = 15_000

/** One that fails or hangs must not keep the others from stopping. */
export async function stopModule(name: string, module: AnyStarted, log: Logger): Promise<void> {
  const patience = new AbortController()
  const hangs = sleep(stopPatienceMs, 'hangs', { signal: patience.signal, ref: false }).catch(() => undefined)
  try {
    if ((await Promise.race([module.stop?.(), hangs])) === 'hangs')
      log.error({ module: name }, 'a module does not stop and is left behind')
  } catch (error) {
    log.error({ module: name, err: error }, 'a module did not stop cleanly')
  } finally {
    patience.abort()
  }
}
