import { datasets } from '#modules/datasets'
import { defineModule, type Measurement } from '#kernel/module'
import type { TopicName } from '#ports/log'
import { openCatalogue, type Catalogue } from './definition/catalogue.ts'
import { changedSql } from './cells/cells.ts'
import { metricsContract } from './contract.ts'
import { openDefinitions } from './definition/definitions.ts'
import { metricErrors } from './errors.ts'
import { openFolder } from './cells/cell-folding.ts'
import { metricHandlers } from './handlers.ts'
import type { MetricChanged, Metrics } from './index.ts'
import { foldMeasurements } from './cells/fold-measurements.ts'
import { metricValues } from './questions/values.ts'

export default defineModule({
  name: 'metrics',
  about: 'Numbers that are defined once and stay current.',
  needs: { datasets },
  permissions: {
    'metrics.read': 'See metrics and their values.',
    'metrics.write': 'Define, change and delete metrics.',
  },
  contract: metricsContract,
  errors: metricErrors,
  migrations: new URL('./migrations/', import.meta.url),
  async start({ needs, ports, log }) {
    const { warehouse, clock } = ports
    const listeners = new Set<(event: MetricChanged) => void>()
    const changed = (event: MetricChanged): void => {
      for (const listener of listeners) listener(event)
    }
    const endOf = (topic: TopicName): Promise<bigint> =>
      ports.log.end(topic).catch(async () => {
        await needs.datasets.open(topic.workspace, topic.name)
        return ports.log.end(topic)
      })
    const folder = openFolder({
      warehouse,
      clock,
      log: ports.log,
      end: endOf,
      onFolded: ({ topic, metric }, from, to) =>
        changed({ workspace: topic.workspace, code: metric.definition.code, change: 'cells', folded: { from, to } }),
      onFailure: ({ topic, metric }, error) =>
        log.warn(
          { workspace: topic.workspace, code: metric.definition.code, error: String(error) },
          'a fold failed and is tried again',
        ),
      onAhead: ({
        topic: { workspace },
        metric: {
          definition: { code },
        },
      }) => {
        log.warn({ workspace, code }, 'cells reached past the last row and are made anew')
        catalogue
          .renew(workspace, code)
          .catch((error: unknown) =>
            log.error({ workspace, code, error: String(error) }, 'cells could not be made anew'),
          )
      },
    })
    const catalogue: Catalogue = await openCatalogue({
      warehouse,
      clock,
      folder,
      changed,
      datasets: needs.datasets,
      definitions: openDefinitions(ports.metadata),
      failed: (error, workspace) =>
        log.error({ workspace, error: String(error) }, 'metrics could not follow a change of their dataset'),
    })
    needs.datasets.guard(async (workspace, name) =>
      catalogue
        .list(workspace)
        .filter(({ record }) => record.definition.dataset === name)
        .map(({ record }) => `metric "${record.definition.code}"`),
    )
    const atStart = [...folder.foldings]

    const face: Metrics = {
      get: async (workspace, code) => catalogue.get(workspace, code).record.definition,
      values: metricValues({ warehouse, clock, catalogue, end: endOf }),
      onChanged(listener) {
        listeners.add(listener)
        return { close: () => void listeners.delete(listener) }
      },
      list: async (workspace) => catalogue.list(workspace).map(({ record }) => record.definition),
      create: async (workspace, definition) => (await catalogue.create(workspace, definition)).record.definition,
      async changedMinutes(workspace, code, after, most) {
        const { folding } = catalogue.get(workspace, code)
        if (!folding) return []
        const rows = await warehouse.rows<{ start: number }>(changedSql(folding.cells), {
          parameters: { after: String(after), most },
        })
        return rows.map(({ start }) => start * 60_000)
      },
    }

    return {
      face,
      handlers: metricHandlers(catalogue, face.values, () => clock.now()),
      async ready() {
        const behind = atStart.filter((folding) => !folding.started && !folding.removed)
        return behind.length === 0
          ? { ok: true }
          : { ok: false, detail: `${behind.length} metrics are being brought up to date` }
      },
      measurements: (): Iterable<Measurement> => foldMeasurements(folder),
      async stop() {
        await catalogue.close()
        await folder.close()
      },
    }
  },
})
