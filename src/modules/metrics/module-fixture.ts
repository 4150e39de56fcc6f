/** For tests: the module over real embedded stores in a folder that outlives a restart of it. */
import { definitionVersions } from '#kernel/definition-versions'
import { openJobQueue } from '#kernel/job-queue'
import { randomUUID } from 'node:crypto'
import type { Engine } from '#adapters/chdb'
import { openEmbedded } from '#adapters/log-warehouse/embedded-fixture'
import { storesTables } from '#kernel/guard-stores'
import { migrate } from '#kernel/migrations'
import { openModuleEvents } from '#kernel/module-events'
import type { Logger, KernelPorts } from '#kernel/module'
import datasetsModule from '#modules/datasets/module'
import type { Datasets } from '#modules/datasets'
import { egress } from '#kernel/egress'
import type { ObjectRef } from '#core/object-ref'
import { workerPool } from '#kernel/worker-pool'
import { passingVault } from '#kernel/vault'
import { openWarehouseMigrations } from '#kernel/warehouse-migrations'
import type { Log } from '#ports/log'
import type { SqlSession } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'
import type { Metrics } from './index.ts'
import metricsModule from './module.ts'

export interface ModuleFixture {
  readonly datasets: Datasets
  readonly metrics: Metrics
  readonly handlers: Awaited<ReturnType<typeof metricsModule.start>>['handlers']
  readonly ports: KernelPorts
  readonly engine: Engine
  readonly home: string
  ready(): Promise<void>
  ingest(dataset: string, rows: readonly object[]): Promise<void>
  /** Stops everything and keeps the folder. */
  stop(): Promise<void>
  close(): Promise<void>
}

type StartedMetrics = Awaited<ReturnType<typeof metricsModule.start>>

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields, message) => console.error(message, fields),
}

export async function moduleFixture({
  home,
  wrap = (warehouse) => warehouse,
  wrapLog = (log) => log,
}: {
  home?: string
  wrap?: (warehouse: Warehouse) => Warehouse
  wrapLog?: (log: Log, warehouse: Warehouse) => Log
} = {}): Promise<ModuleFixture> {
  const stores = await openEmbedded(home)
  await migrate(stores.ports.metadata, [datasetsModule, metricsModule, storesTables])
  const ports = {
    ...stores.ports,
    warehouse: wrap(stores.ports.warehouse),
    log: wrapLog(stores.ports.log, stores.ports.warehouse),
  } as KernelPorts // the modules under test use no blobs and no jobs
  const stopping = new AbortController()
  const events = await openModuleEvents([datasetsModule, metricsModule], ports, silent)
  const jobs = openJobQueue([], {
    metadata: ports.metadata,
    jobs: ports.jobs,
    clock: ports.clock,
    log: silent,
    stopping: stopping.signal,
  })
  const started: { metrics?: StartedMetrics } = {}
  const context = {
    ports: events.ports,
    vault: passingVault(),
    egress: egress(undefined),
    config: undefined,
    log: silent,
    stopping: stopping.signal,
    permissions: new Map<string, string>(),
    warehouseMigrations: await openWarehouseMigrations([datasetsModule, metricsModule], ports),
    audit: async () => [],
    versions: definitionVersions(ports.metadata),
    jobs: jobs.of({ name: 'metrics' }),
    jobRecords: jobs.records,
    parkedEvents: events.parked,
    workers: workerPool(),
    warehouseViews: () => [],
    packKinds: () => [],
    referencesTo: async (
      workspace: string,
      subject: ObjectRef,
      sql: SqlSession = ports.metadata.inWorkspace(workspace),
    ) => (await started.metrics?.references?.(workspace, subject, sql)) ?? [],
  }
  const datasets = await datasetsModule.start({ ...context, emit: events.emitOf(datasetsModule), needs: {} })
  const metrics = await metricsModule.start({
    ...context,
    emit: events.emitOf(metricsModule),
    needs: { datasets: datasets.face },
  })
  started.metrics = metrics
  await events.start(new Map([['metrics', metrics.on ?? {}]]))

  const end = async (): Promise<void> => {
    stopping.abort()
    await events.stop()
    await metrics.stop?.()
    await datasets.stop?.()
  }
  return {
    datasets: datasets.face,
    metrics: metrics.face,
    handlers: metrics.handlers,
    ports,
    engine: stores.engine,
    home: stores.home,
    async stop() {
      await end()
      await stores.close()
    },
    async ready() {
      while (!(await metrics.ready!()).ok) await ports.clock.sleep(20)
    },
    async ingest(dataset, rows) {
      await datasets.face.append('test', dataset, {
        id: randomUUID(),
        ndjson: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
        count: rows.length,
      })
    },
    async close() {
      await end()
      await stores.remove()
    },
  }
}
