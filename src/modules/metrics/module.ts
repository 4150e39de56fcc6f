import { defineModule, type Logger, type Ports } from '#kernel/module'
import { datasetEvents, datasets, rowsLoaded, type Datasets, type RowsLoaded } from '#modules/datasets'
import type { Position, TopicName } from '#ports/log'
import { openCellFolding, type CellFolding } from './cells/fold-topics.ts'
import { viewNames } from './cells/views.ts'
import { metricPackKind } from './pack-kind.ts'
import { caughtUp } from './cells/caught-up.ts'
import { changedSql } from './cells/cells.ts'
import { foldMeasurements } from './cells/fold-measurements.ts'
import { metricsContract } from './contract.ts'
import { openCatalogue, type Catalogue } from './definition/catalogue.ts'
import { openDefinitions } from './definition/definitions.ts'
import { metricErrors } from './errors.ts'
import { datasetUse, metricHandlers } from './handlers.ts'
import { metricEvents, type Metrics } from './index.ts'
import { numbersChanged, writeNumbersChanged, type NumbersChanged } from './numbers-changed.ts'
import { openPins } from './pins/pins.ts'
import { metricValues } from './questions/values.ts'

export default defineModule({
  name: 'metrics',
  about: 'Numbers that are defined once and stay current.',
  needs: { datasets },
  permissions: {
    'metrics.read': 'See metrics and their values.',
    'metrics.write': 'Define, change and delete metrics.',
  },
  definitionUses: [datasetUse],
  contract: metricsContract,
  errors: metricErrors,
  events: metricEvents,
  listens: [{ event: datasetEvents.changed, from: 'now' }],
  migrations: new URL('./migrations/', import.meta.url),
  async start({ needs, ports, log, emit, permissions, versions }) {
    const { warehouse, clock } = ports
    const { positions } = ports.log
    const changed = (event: NumbersChanged): void => {
      ports.bus
        .publish(numbersChanged, writeNumbersChanged(event))
        .catch((error: unknown) => log.warn({ error: String(error) }, 'a hint about changed numbers was not sent'))
    }
    const end: EndOf = ({ workspace, name }) => needs.datasets.end(workspace, name)
    const cellFolding = foldingFor({ ports, log, datasets: needs.datasets, end, changed, catalogue: () => catalogue })
    const definitions = openDefinitions({ metadata: ports.metadata, datasets: needs.datasets, emit, versions })
    const catalogue: Catalogue = await openCatalogue({
      warehouse,
      positions: positions.sql,
      clock,
      cellFolding,
      changed,
      datasets: needs.datasets,
      definitions,
    })
    const rows = await hearRows(ports, log, catalogue)
    const atStart = [...cellFolding.foldings]

    const face: Metrics = {
      get: async (workspace, code) => catalogue.get(workspace, code).record.definition,
      list: async (workspace) => catalogue.list(workspace).map(({ record }) => record.definition),
      create: async (workspace, definition) => (await catalogue.create(workspace, definition)).record.definition,
      values: metricValues({ warehouse, clock, positions, catalogue, end, datasets: needs.datasets, permissions }),
      changesDone: catalogue.changesDone,
      watch: (workspace, code) => cellFolding.watch(workspace, code),
      async changedMinutes(workspace, code, after, limit) {
        const { folding } = catalogue.get(workspace, code)
        if (!folding) return []
        const rows = await warehouse.rows<{ start: number }>(changedSql(folding.cells, positions.sql), {
          parameters: { after, limit },
        })
        return rows.map(({ start }) => start * 60_000)
      },
    }

    const upToDate = caughtUp(cellFolding, { clock, positions, end })
    return {
      face,
      handlers: metricHandlers({
        catalogue,
        values: face.values,
        now: () => clock.now(),
        permissions,
        versions,
        readerOf: needs.datasets.readerOf,
        pins: openPins(ports.metadata, (workspace) =>
          catalogue.list(workspace).map(({ record }) => record.definition.code),
        ),
      }),
      packKinds: [metricPackKind(face)],
      warehouseViews: viewNames.map((name) => ({ name, prepare: upToDate })),
      references: async (workspace, { kind, id }, sql) =>
        kind === 'dataset' ? await definitions.over(workspace, id, sql) : [],
      async ready() {
        const behind = atStart.filter((folding) => !folding.started && !folding.removed)
        return behind.length === 0
          ? { ok: true }
          : { ok: false, detail: `${behind.length} metrics are being brought up to date` }
      },
      measurements: () => foldMeasurements(cellFolding),
      on: {
        'datasets.changed': ({ workspace, payload }) => catalogue.followDataset(workspace, payload.name),
      },
      async stop() {
        await rows.close()
        await catalogue.close()
        await cellFolding.close()
      },
    }
  },
})

type EndOf = (topic: TopicName) => Promise<Position>

/** Rows that came into datasets, or replaced those that were there. */
async function hearRows(ports: Ports, log: Logger, catalogue: Catalogue): Promise<{ close(): Promise<void> }> {
  const appended = ports.log.onAppended(({ topic: { workspace, name }, replaced }) => {
    if (replaced !== true) return catalogue.rowsArrived(workspace, name)
    catalogue
      .rowsReplaced(workspace, name)
      .catch((error: unknown) =>
        log.error({ workspace, error: String(error) }, 'metrics could not follow the new rows of their dataset'),
      )
  })
  const loaded = await ports.bus.subscribe(rowsLoaded, (message) => {
    const { workspace, name } = message as RowsLoaded
    catalogue.rowsArrived(workspace, name)
  })
  return {
    async close() {
      appended.close()
      await loaded.close()
    },
  }
}

function foldingFor({
  ports,
  log,
  datasets,
  end,
  changed,
  catalogue,
}: {
  ports: Ports
  log: Logger
  datasets: Datasets
  end: EndOf
  changed: (event: NumbersChanged) => void
  catalogue: () => Catalogue
}): CellFolding {
  return openCellFolding({
    leases: ports.leases,
    warehouse: ports.warehouse,
    clock: ports.clock,
    log: ports.log,
    end,
    generation: ({ workspace, name }) => datasets.generation(workspace, name),
    onFolded: ({ topic, metric }, from, to) =>
      changed({ workspace: topic.workspace, code: metric.definition.code, change: 'cells', folded: { from, to } }),
    onFailure: ({ topic, metric }, error) =>
      log.warn(
        { workspace: topic.workspace, code: metric.definition.code, error: String(error) },
        'a fold failed and is tried again',
      ),
    onAhead: ({ topic: { workspace }, metric }) => {
      const { code } = metric.definition
      log.warn({ workspace, code }, 'cells reach past the last row and are made anew')
      catalogue()
        .renew(workspace, code)
        .catch((error: unknown) => log.error({ workspace, code, error: String(error) }, 'cells could not be made anew'))
    },
  })
}
