/** The metrics of all workspaces: kept in metadata, loaded in memory. One process owns them, as it owns the home. */
import { keyedQueue } from '#core/keyed-queue'
import type { MetricDefinition } from '#core/metric'
import { requireCurrentVersion } from '#kernel/definition-versions'
import type { Clock } from '#ports/clock'
import { metricErrors } from '../errors.ts'
import type { NumbersChanged } from '../numbers-changed.ts'
import type { MetricRecord } from './definitions.ts'
import { refOf } from './definitions.ts'
import { dropCells, dropOrphans, unloadMetric, type LoadedMetric, type LoadParts } from './loaded-metric.ts'
import { loadedMetrics, type LoadedMetrics } from './loaded-metrics.ts'
import { validateDefinition } from './validate-definition.ts'

export interface Catalogue {
  /** Throws `metrics.unknown`. */
  get(workspace: string, code: string): LoadedMetric
  list(workspace: string): readonly LoadedMetric[]
  create(workspace: string, given: unknown): Promise<LoadedMetric>
  /** Rejects with `kernel.staleVersion` when the metric has another version than `version` by now. */
  replace(workspace: string, code: string, given: unknown, version?: number): Promise<LoadedMetric>
  remove(workspace: string, code: string): Promise<void>
  /** Throws the cells of a metric away and folds all rows again. */
  renew(workspace: string, code: string): Promise<void>
  /** A dataset came, went or has other columns: its metrics are held against it anew. */
  followDataset(workspace: string, dataset: string): Promise<void>
  /** All rows of a dataset were replaced. */
  rowsReplaced(workspace: string, dataset: string): Promise<void>
  /** Rows came into a dataset: metrics without cells may have other values. */
  rowsArrived(workspace: string, dataset: string): void
  /** Resolves when the changes that have begun are done. */
  changesDone(): Promise<void>
  close(): Promise<void>
}

export interface CatalogueParts extends LoadParts {
  readonly clock: Clock
  readonly changed: (event: NumbersChanged) => void
}

export async function openCatalogue(parts: CatalogueParts): Promise<Catalogue> {
  const metrics = loadedMetrics(parts)
  const inTurn = keyedQueue()
  const alone = <T>(work: () => Promise<T>): Promise<T> => inTurn('catalogue', work)
  await alone(() => loadAll(parts, metrics))

  return {
    get: metrics.get,
    list: metrics.list,
    create: (workspace, given) => alone(() => create(parts, metrics, workspace, given)),
    replace: (workspace, code, given, version) =>
      alone(() => replace(parts, metrics, { workspace, code, given, version })),
    remove: (workspace, code) =>
      alone(async () => {
        const loaded = metrics.get(workspace, code)
        await parts.definitions.delete(loaded.record)
        metrics.delete(workspace, code)
        await unloadMetric(parts, loaded)
        await metrics.makeViews(workspace)
        await dropCells(parts, loaded.record)
      }),
    renew: (workspace, code) =>
      alone(async () => {
        const loaded = metrics.get(workspace, code)
        await unloadMetric(parts, loaded)
        await metrics.load({ ...loaded.record, cells: undefined, datasetMade: undefined })
        await metrics.makeViews(workspace)
        await dropCells(parts, loaded.record)
        parts.changed({ workspace, code, change: 'reloaded' })
      }),
    followDataset: (workspace, name) =>
      alone(async () => {
        const dataset = await parts.datasets.find(workspace, name)
        const isCurrent = ({ dataset: known }: LoadedMetric): boolean =>
          known?.version === dataset?.version && known?.createdAt === dataset?.createdAt
        await reload(
          parts,
          metrics,
          workspace,
          metrics.over(workspace, name).filter((loaded) => !isCurrent(loaded)),
        )
        await metrics.makeFirstViews(workspace)
      }),
    rowsReplaced: (workspace, name) => alone(() => reload(parts, metrics, workspace, metrics.over(workspace, name))),
    rowsArrived(workspace, name) {
      for (const { record, compiled, folding } of metrics.over(workspace, name))
        if (compiled && !folding) parts.changed({ workspace, code: record.definition.code, change: 'rows' })
    },
    changesDone: () => alone(async () => undefined),
    close: () => alone(async () => undefined),
  }
}

async function loadAll(parts: CatalogueParts, metrics: LoadedMetrics): Promise<void> {
  const records = await parts.definitions.all()
  for (const [workspace, own] of Map.groupBy(records, (record) => record.workspace)) {
    await dropOrphans(parts, workspace, own)
    for (const record of own) await metrics.load(record)
    await metrics.makeViews(workspace)
  }
}

async function create(
  parts: CatalogueParts,
  metrics: LoadedMetrics,
  workspace: string,
  given: unknown,
): Promise<LoadedMetric> {
  const definition = await validateDefinition(parts.datasets, workspace, given)
  if (metrics.has(workspace, definition.code)) throw metricErrors.taken({ code: definition.code })
  const now = new Date(parts.clock.now()).toISOString()
  const record: MetricRecord = {
    workspace,
    definition,
    version: 1,
    cells: undefined,
    datasetMade: undefined,
    createdAt: now,
    updatedAt: now,
  }
  await parts.definitions.insert(record)
  const loaded = await metrics.load(record)
  await metrics.makeViews(workspace)
  return loaded
}

async function replace(
  parts: CatalogueParts,
  metrics: LoadedMetrics,
  { workspace, code, given, version }: { workspace: string; code: string; given: unknown; version: number | undefined },
): Promise<LoadedMetric> {
  const before = metrics.get(workspace, code)
  requireCurrentVersion(refOf(before.record), { given: version, current: before.record.version })
  const definition = await validateDefinition(parts.datasets, workspace, given)
  if (definition.code !== code) throw metricErrors.renamed({ code, given: definition.code })
  const sameCells = cellsKey(definition) === cellsKey(before.record.definition)
  const record: MetricRecord = {
    ...before.record,
    ...(sameCells ? {} : { cells: undefined, datasetMade: undefined }),
    definition,
    version: before.record.version + 1,
    updatedAt: new Date(parts.clock.now()).toISOString(),
  }
  await parts.definitions.update(record, before.record)
  await unloadMetric(parts, before)
  const loaded = await metrics.load(record)
  await metrics.makeViews(workspace)
  if (!sameCells) await dropCells(parts, before.record)
  return loaded
}

/** What the cells depend on: the rest of a definition can change without computing anything anew. */
function cellsKey({ dataset, time, measure, filter, dimensions }: MetricDefinition): string {
  return JSON.stringify([dataset, time, measure, filter, dimensions])
}

async function reload(
  parts: CatalogueParts,
  metrics: LoadedMetrics,
  workspace: string,
  outdated: readonly LoadedMetric[],
): Promise<void> {
  for (const loaded of outdated) {
    await unloadMetric(parts, loaded)
    await metrics.load(loaded.record)
    parts.changed({ workspace, code: loaded.record.definition.code, change: 'reloaded' })
  }
  if (outdated.length > 0) await metrics.makeViews(workspace)
}
