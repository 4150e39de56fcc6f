/** The loaded metrics of all workspaces, and the views over them. */
import { makeViews } from '../cells/views.ts'
import { metricErrors } from '../errors.ts'
import type { MetricRecord } from './definitions.ts'
import { loadMetric, type LoadedMetric, type LoadParts } from './loaded-metric.ts'

export interface LoadedMetrics {
  /** Throws `metrics.unknown`. */
  get(workspace: string, code: string): LoadedMetric
  has(workspace: string, code: string): boolean
  /** By code. */
  list(workspace: string): readonly LoadedMetric[]
  over(workspace: string, dataset: string): readonly LoadedMetric[]
  load(record: MetricRecord): Promise<LoadedMetric>
  delete(workspace: string, code: string): void
  makeViews(workspace: string): Promise<void>
  /** The views are there as soon as there is anything to query, with no metric too. */
  makeFirstViews(workspace: string): Promise<void>
}

export function loadedMetrics(parts: LoadParts): LoadedMetrics {
  const workspaces = new Map<string, Map<string, LoadedMetric>>()
  const withViews = new Set<string>()

  const metricsOf = (workspace: string): Map<string, LoadedMetric> => {
    const known = workspaces.get(workspace) ?? new Map<string, LoadedMetric>()
    workspaces.set(workspace, known)
    return known
  }
  const valuesOf = (workspace: string): readonly LoadedMetric[] => [...(workspaces.get(workspace)?.values() ?? [])]

  const metrics: LoadedMetrics = {
    get(workspace, code) {
      const loaded = workspaces.get(workspace)?.get(code)
      if (!loaded) throw metricErrors.unknown({ code })
      return loaded
    },
    has: (workspace, code) => workspaces.get(workspace)?.has(code) ?? false,
    list: (workspace) =>
      valuesOf(workspace).toSorted((a, b) => (a.record.definition.code < b.record.definition.code ? -1 : 1)),
    over: (workspace, dataset) => valuesOf(workspace).filter(({ record }) => record.definition.dataset === dataset),
    async load(record) {
      const loaded = await loadMetric(parts, record)
      metricsOf(record.workspace).set(record.definition.code, loaded)
      return loaded
    },
    delete: (workspace, code) => void workspaces.get(workspace)?.delete(code),
    async makeViews(workspace) {
      const { userDatabase } = await parts.datasets.place(workspace)
      const viewed = valuesOf(workspace).flatMap(({ compiled, folding }) =>
        compiled ? [{ metric: compiled, cells: folding?.cells }] : [],
      )
      await makeViews(parts.warehouse, userDatabase, viewed)
    },
    async makeFirstViews(workspace) {
      if (withViews.has(workspace)) return
      withViews.add(workspace)
      await metrics.makeViews(workspace)
    },
  }
  return metrics
}
