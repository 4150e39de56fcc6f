import { z } from 'zod'
import type { Actor } from '#core/actor'
import { MetricDefinition } from '#core/metric'
import type { Handlers } from '#kernel/contract'
import type { DefinitionVersions } from '#kernel/definition-versions'
import { versionsPage } from '#kernel/version-operations'
import { requirePermissions } from '#kernel/needed-permissions'
import { cursors, pageAfter } from '#kernel/paging'
import type { Datasets } from '#modules/datasets'
import type { Catalogue } from './definition/catalogue.ts'
import { refOf, versionOf } from './definition/definitions.ts'
import type { Metric, metricsContract } from './contract.ts'
import type { Metrics } from './index.ts'
import { stateOf, type LoadedMetric } from './definition/loaded-metric.ts'
import type { Pins } from './pins/pins.ts'
import { readQuestion } from './questions/read-question.ts'

export const datasetUse = { what: 'the dataset of a metric', permission: 'datasets.read' }

const metricCodes = cursors('metrics.list', z.string())

export interface MetricHandlerParts {
  readonly catalogue: Catalogue
  readonly values: Metrics['values']
  readonly now: () => number
  readonly permissions: ReadonlyMap<string, string>
  readonly versions: DefinitionVersions
  readonly readerOf: Datasets['readerOf']
  readonly pins: Pins
}

export function metricHandlers({
  catalogue,
  values,
  now,
  permissions,
  versions,
  readerOf,
  pins,
}: MetricHandlerParts): Handlers<typeof metricsContract> {
  const ask = async (actor: Actor, signal: AbortSignal, given: Parameters<typeof readQuestion>[0]) => {
    const { unit, ...rest } = await values(await readerOf(actor), { ...readQuestion(given, now()), signal })
    return { ...rest, points: [...rest.points], ...(unit !== undefined && { unit }) }
  }
  /** A metric shows its rows to everybody who may see metrics, so only who may see the rows defines one. */
  const requireDataset = (actor: Actor, dataset: string): void => {
    const what = `a metric over the dataset "${dataset}"`
    requirePermissions(actor, [{ permission: datasetUse.permission, at: 'dataset', what }], permissions)
  }
  return {
    list: ({ workspace, query }) => {
      const placeOf = ({ record }: LoadedMetric) => record.definition.code
      const { items, next } = pageAfter(metricCodes, catalogue.list(workspace), { ...query, placeOf })
      return { items: items.map(metricAnswer), next }
    },
    create: async ({ workspace, body, actor }) => {
      requireDataset(actor, body.dataset)
      return metricAnswer(await catalogue.create(workspace, body))
    },
    get: ({ workspace, params }) => metricAnswer(catalogue.get(workspace, params.code)),
    replace: async ({
      workspace,
      params,
      actor,
      body: { version, createdAt: _, updatedAt: __, state: ___, ...definition },
    }) => {
      requireDataset(actor, definition.dataset)
      return metricAnswer(await catalogue.replace(workspace, params.code, definition, version))
    },
    remove: ({ workspace, params }) => catalogue.remove(workspace, params.code),
    versions: ({ workspace, params, query }) => {
      const { record } = catalogue.get(workspace, params.code)
      return versionsPage(versions, { workspace, ref: refOf(record), current: versionOf(record) }, query)
    },
    restore: async ({ workspace, params, query, actor }) => {
      const { record } = catalogue.get(workspace, params.code)
      const kept = await versions.get(workspace, refOf(record), versionOf(record), params.version)
      const definition = MetricDefinition.parse(kept)
      requireDataset(actor, definition.dataset)
      return metricAnswer(await catalogue.replace(workspace, params.code, definition, query.current))
    },
    pins: async ({ actor }) => ({ metrics: [...(await pins.of(actor))] }),
    setPins: async ({ actor, body }) => ({ metrics: [...(await pins.replace(actor, body.metrics))] }),
    values: ({ actor, params, query, signal }) => ask(actor, signal, { ...query, code: params.code }),
    history: ({ actor, params, query, signal }) => ask(actor, signal, { ...query, code: params.code }),
    kpi: ({ actor, body, signal }) => ask(actor, signal, body),
  }
}

function metricAnswer(loaded: LoadedMetric): Metric {
  const { definition, version, createdAt, updatedAt } = loaded.record
  return { ...definition, version, createdAt, updatedAt, state: stateOf(loaded) }
}
