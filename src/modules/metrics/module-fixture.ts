/** For tests: the module over real embedded stores in a house that can be restarted. */
import { randomUUID } from 'node:crypto'
import type { Engine } from '#adapters/chdb'
import type { KernelPorts } from '#kernel/module'
import { datasets, type Datasets } from '#modules/datasets'
import datasetsModule from '#modules/datasets/module'
import type { Log } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import { openHouse } from '#tests/house'
import { metrics, type Metrics } from './index.ts'
import metricsModule from './module.ts'

export interface ModuleFixture {
  readonly datasets: Datasets
  readonly metrics: Metrics
  readonly handlers: StartedMetrics['handlers']
  readonly ports: KernelPorts
  readonly engine: Engine
  ready(): Promise<void>
  ingest(dataset: string, rows: readonly object[]): Promise<void>
  /** Stops everything and starts it on the same home, until it is ready. */
  restart(): Promise<void>
  close(): Promise<void>
}

type StartedMetrics = Awaited<ReturnType<typeof metricsModule.start>>

export async function moduleFixture({
  wrap = (warehouse) => warehouse,
  wrapLog = (log) => log,
}: {
  wrap?: (warehouse: Warehouse) => Warehouse
  wrapLog?: (log: Log, warehouse: Warehouse) => Log
} = {}): Promise<ModuleFixture> {
  let started: StartedMetrics
  const observed: typeof metricsModule = {
    ...metricsModule,
    start: async (context) => (started = await metricsModule.start(context)),
  }
  const house = await openHouse({
    modules: [datasetsModule, observed],
    wrapPorts: (ports) => ({
      ...ports,
      warehouse: wrap(ports.warehouse),
      log: wrapLog(ports.log, ports.warehouse),
    }),
  })
  const fixture: ModuleFixture = {
    get datasets() {
      return house.running.face(datasets)
    },
    get metrics() {
      return house.running.face(metrics)
    },
    get handlers() {
      return started.handlers
    },
    get ports() {
      return house.ports
    },
    get engine() {
      return house.engine
    },
    async ready() {
      while (!(await started.ready!()).ok) await house.ports.clock.sleep(20)
    },
    async ingest(dataset, rows) {
      await fixture.datasets.append('test', dataset, {
        id: randomUUID(),
        ndjson: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
        count: rows.length,
      })
    },
    async restart() {
      await house.restart()
      await fixture.ready()
    },
    close: house.close,
  }
  return fixture
}
