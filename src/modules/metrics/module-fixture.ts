/** For tests: the module over real embedded stores in a folder that outlives a restart of it. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryBus } from '#adapters/bus-memory'
import { startEngine, type Engine } from '#adapters/chdb'
import { openClickhouse } from '#adapters/clickhouse'
import { systemClock } from '#adapters/clock-system'
import { openWarehouseLog } from '#adapters/log-warehouse'
import { pgliteMetadata } from '#adapters/pglite'
import { migrate } from '#kernel/migrations'
import type { Logger, Ports } from '#kernel/module'
import datasetsModule from '#modules/datasets/module'
import type { Datasets } from '#modules/datasets'
import type { Warehouse } from '#ports/warehouse'
import type { Metrics } from './index.ts'
import metricsModule from './module.ts'

export interface ModuleFixture {
  readonly datasets: Datasets
  readonly metrics: Metrics
  readonly handlers: Awaited<ReturnType<typeof metricsModule.start>>['handlers']
  readonly ports: Ports
  readonly engine: Engine
  readonly home: string
  ready(): Promise<void>
  ingest(dataset: string, rows: readonly object[]): Promise<void>
  /** Stops everything and keeps the folder. */
  stop(): Promise<void>
  close(): Promise<void>
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields, message) => console.error(message, fields),
}

export async function moduleFixture({
  home: given,
  wrap = (warehouse) => warehouse,
}: { home?: string; wrap?: (warehouse: Warehouse) => Warehouse } = {}): Promise<ModuleFixture> {
  const home = given ?? (await mkdtemp(join(tmpdir(), 'millrace-metrics-')))
  const [engine, metadata] = await Promise.all([
    startEngine({ home, durability: 'process' }),
    pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' }),
  ])
  const bare = openClickhouse({ endpoint: engine.endpoint, features: { localFiles: true } })
  const clock = systemClock()
  await migrate(metadata, [datasetsModule, metricsModule])
  const log = await openWarehouseLog({ warehouse: bare, metadata, clock })
  const bus = memoryBus({ onListenerError: (error) => console.error(error) })
  const ports = { metadata, warehouse: wrap(bare), log, bus, clock } as Ports // the modules under test use no blobs and no jobs
  const stopping = new AbortController()
  const context = { ports, config: undefined, log: silent, stopping: stopping.signal }
  const datasets = await datasetsModule.start({ ...context, needs: {} })
  const metrics = await metricsModule.start({ ...context, needs: { datasets: datasets.face } })

  const stop = async (): Promise<void> => {
    stopping.abort()
    await metrics.stop?.()
    await datasets.stop?.()
    await log.close()
    await bus.close()
    await bare.close()
    await Promise.all([engine.stop(), metadata.close()])
  }
  return {
    datasets: datasets.face,
    metrics: metrics.face,
    handlers: metrics.handlers,
    ports,
    engine,
    home,
    stop,
    async ready() {
      while (!(await metrics.ready!()).ok) await clock.sleep(20)
    },
    async ingest(dataset, rows) {
      await datasets.face.append('test', dataset, {
        id: randomUUID(),
        ndjson: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
        count: rows.length,
      })
    },
    async close() {
      await stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
