/** The metrics of all workspaces: kept in metadata, alive in memory. One process owns them, as it owns the home. */
import type { Problem } from '#core/errors'
import { nearest } from '#core/expression'
import { MetricDefinition } from '#core/metric'
import { check } from '#kernel/problems'
import type { Datasets } from '#modules/datasets'
import type { Clock } from '#ports/clock'
import { compileMetric } from './compile.ts'
import type { MetricRecord } from './definitions.ts'
import { metricErrors } from '../errors.ts'
import type { MetricChanged } from '../index.ts'
import { dropCells, dropOrphans, enliven, retire, type LiveMetric, type LiveParts } from './metric-state.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { makeViews } from '../cells/views.ts'

export interface Catalogue {
  /** Rejects with `metrics.unknown`. */
  get(workspace: string, code: string): LiveMetric
  list(workspace: string): readonly LiveMetric[]
  create(workspace: string, given: unknown): Promise<LiveMetric>
  replace(workspace: string, code: string, given: unknown): Promise<LiveMetric>
  remove(workspace: string, code: string): Promise<void>
  /** Throws the cells of a metric away and folds all rows again. */
  renew(workspace: string, code: string): Promise<void>
  close(): Promise<void>
}

export interface CatalogueParts extends LiveParts {
  readonly clock: Clock
  readonly changed: (event: MetricChanged) => void
  readonly failed: (error: unknown, workspace: string) => void
}

export async function openCatalogue(parts: CatalogueParts): Promise<Catalogue> {
  const { datasets, definitions, clock, changed } = parts
  const workspaces = new Map<string, Map<string, LiveMetric>>()
  const alone = oneAtATime()

  const metricsOf = (workspace: string): Map<string, LiveMetric> => {
    const known = workspaces.get(workspace) ?? new Map<string, LiveMetric>()
    workspaces.set(workspace, known)
    return known
  }

  function get(workspace: string, code: string): LiveMetric {
    const live = workspaces.get(workspace)?.get(code)
    if (!live) throw metricErrors.unknown({ code })
    return live
  }

  async function keep(record: MetricRecord): Promise<LiveMetric> {
    const live = await enliven(parts, record)
    metricsOf(record.workspace).set(record.definition.code, live)
    return live
  }

  async function showIn(workspace: string): Promise<void> {
    const { database } = await datasets.place(workspace)
    const viewed = [...metricsOf(workspace).values()].flatMap(({ compiled, folding }) =>
      compiled ? [{ metric: compiled, cells: folding?.cells }] : [],
    )
    await makeViews(parts.warehouse, database, viewed)
  }

  async function checked(workspace: string, given: unknown): Promise<MetricDefinition> {
    const { value: definition, problems } = check(MetricDefinition, given)
    const code = String((given as { code?: unknown } | null)?.code ?? '')
    if (!definition) throw metricErrors.invalid({ code }, { problems })
    const dataset = await datasets.find(workspace, definition.dataset)
    const result = dataset
      ? compileMetric(definition, dataset)
      : { problems: [await unknownDataset(datasets, workspace, definition.dataset)] }
    if ('problems' in result) throw metricErrors.invalid({ code }, { problems: result.problems })
    return definition
  }

  /** A dataset that came, went or changed may mend or break what is defined over it. */
  async function follow(workspace: string, dataset: string): Promise<void> {
    const over = [...metricsOf(workspace).values()].filter((live) => live.record.definition.dataset === dataset)
    for (const live of over) {
      await retire(parts, live)
      await keep(live.record)
      changed({ workspace, code: live.record.definition.code, change: 'definition' })
    }
    if (over.length > 0) await showIn(workspace)
  }

  const shown = new Set<string>()
  /** The views are there as soon as there is anything to query, with no metric too. */
  async function showFirst(workspace: string): Promise<void> {
    if (shown.has(workspace)) return
    shown.add(workspace)
    await showIn(workspace)
  }

  const listening = datasets.onChanged(({ workspace, name, change }) => {
    if (change !== 'rows') {
      alone(() => follow(workspace, name).then(() => showFirst(workspace))).catch((error: unknown) =>
        parts.failed(error, workspace),
      )
      return
    }
    for (const live of workspaces.get(workspace)?.values() ?? []) {
      if (live.record.definition.dataset === name && live.compiled && !live.folding)
        changed({ workspace, code: live.record.definition.code, change: 'rows' })
    }
  })

  await alone(async () => {
    const records = await definitions.all()
    const byWorkspace = Map.groupBy(records, ({ workspace }) => workspace)
    for (const [workspace, own] of byWorkspace) {
      await dropOrphans(parts, workspace, own)
      for (const record of own) await keep(record)
      await showIn(workspace)
    }
  })

  return {
    get,
    list: (workspace) =>
      [...(workspaces.get(workspace)?.values() ?? [])].sort((a, b) =>
        a.record.definition.code < b.record.definition.code ? -1 : 1,
      ),
    create: (workspace, given) =>
      alone(async () => {
        const definition = await checked(workspace, given)
        if (workspaces.get(workspace)?.has(definition.code)) throw metricErrors.taken({ code: definition.code })
        const now = new Date(clock.now()).toISOString()
        const record: MetricRecord = {
          workspace,
          definition,
          version: 1,
          cells: undefined,
          datasetMade: undefined,
          createdAt: now,
          updatedAt: now,
        }
        await definitions.insert(record)
        const live = await keep(record)
        await showIn(workspace)
        changed({ workspace, code: definition.code, change: 'definition' })
        return live
      }),
    replace: (workspace, code, given) =>
      alone(async () => {
        const before = get(workspace, code)
        const definition = await checked(workspace, given)
        if (definition.code !== code) throw metricErrors.renamed({ code, given: definition.code })
        const same = computation(definition) === computation(before.record.definition)
        const record: MetricRecord = {
          ...before.record,
          ...(same ? {} : { cells: undefined, datasetMade: undefined }),
          definition,
          version: before.record.version + 1,
          updatedAt: new Date(clock.now()).toISOString(),
        }
        await definitions.update(record)
        await retire(parts, before)
        const live = await keep(record)
        await showIn(workspace)
        if (!same) await dropCells(parts, before.record)
        changed({ workspace, code, change: 'definition' })
        return live
      }),
    remove: (workspace, code) =>
      alone(async () => {
        const live = get(workspace, code)
        await definitions.delete(workspace, code)
        metricsOf(workspace).delete(code)
        await retire(parts, live)
        await showIn(workspace)
        await dropCells(parts, live.record)
        changed({ workspace, code, change: 'removed' })
      }),
    renew: (workspace, code) =>
      alone(async () => {
        const live = get(workspace, code)
        await retire(parts, live)
        await keep({ ...live.record, cells: undefined, datasetMade: undefined })
        await showIn(workspace)
        await dropCells(parts, live.record)
        changed({ workspace, code, change: 'definition' })
      }),
    async close() {
      listening.close()
      await alone(async () => undefined)
    },
  }
}

/** What the cells depend on: the rest of a definition can change without computing anything anew. */
function computation({ dataset, time, measure, filter, dimensions }: MetricDefinition): string {
  return JSON.stringify([dataset, time, measure, filter, dimensions])
}

async function unknownDataset(datasets: Datasets, workspace: string, name: string): Promise<Problem> {
  const suggestion = nearest(
    name,
    (await datasets.list(workspace)).map((dataset) => dataset.name),
  )
  return {
    at: 'dataset',
    code: 'unknown_dataset',
    message: `There is no dataset "${name}" in this workspace.${suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`}`,
    ...(suggestion !== undefined && { suggestion }),
  }
}
