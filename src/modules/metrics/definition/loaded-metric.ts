/** Loaded metrics: the definition, compiled against the current dataset, with its cells. */
import { randomBytes } from 'node:crypto'
import type { Problem } from '#core/errors'
import { systemReader, type Dataset, type Datasets } from '#modules/datasets'
import type { PositionSql } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import { cellsFit, cellsName, createCellsSql, type CellsTable } from '../cells/cells.ts'
import { compileMetric, type CompiledMetric } from './compile.ts'
import type { Definitions, MetricRecord } from './definitions.ts'
import { metricErrors } from '../errors.ts'
import type { CellFolding } from '../cells/fold-topics.ts'
import type { Folding } from '../cells/folding-state.ts'

export interface LoadedMetric {
  readonly record: MetricRecord
  /** Absent while the dataset is not there. */
  readonly dataset: Dataset | undefined
  /** Absent while the definition does not fit the dataset. */
  readonly compiled: CompiledMetric | undefined
  readonly problems: readonly Problem[]
  /** Absent where only raw rows answer. */
  readonly folding: Folding | undefined
}

export interface LoadParts {
  readonly warehouse: Warehouse
  readonly positions: PositionSql
  readonly datasets: Datasets
  readonly definitions: Definitions
  readonly cellFolding: CellFolding
}

/** Takes a record to life: with cells of its own where rows have positions, made anew when they are of other rows. */
export async function loadMetric(parts: LoadParts, record: MetricRecord): Promise<LoadedMetric> {
  const { warehouse, positions, datasets, definitions, cellFolding } = parts
  const { workspace, definition } = record
  const dataset = await datasets.find(workspace, definition.dataset)
  if (!dataset)
    return { record: await withoutCells(parts, record), dataset, compiled: undefined, problems: [], folding: undefined }
  const { from } = await datasets.readable(systemReader('metrics', workspace), dataset.name)
  const result = compileMetric(definition, dataset, from)
  if ('problems' in result)
    return { record, dataset, compiled: undefined, problems: result.problems, folding: undefined }
  const compiled = result.metric
  if (!compiled.folded)
    return { record: await withoutCells(parts, record), dataset, compiled, problems: [], folding: undefined }

  const { system } = await datasets.place(workspace)
  const generation = await datasets.generation(workspace, dataset.name)
  const kept =
    record.cells !== undefined &&
    record.datasetMade === generation &&
    (await cellsFit(warehouse, compiled, cellsOf(system, record)))
  const current = kept ? record : { ...record, cells: newCells(), datasetMade: generation }
  await warehouse.command(createCellsSql(compiled, cellsOf(system, current), positions))
  if (current !== record) {
    await definitions.setCells(current)
    await dropCells(parts, record)
  }
  return {
    record: current,
    dataset,
    compiled,
    problems: [],
    folding: cellFolding.add({ workspace, name: dataset.name }, compiled, cellsOf(system, current), generation),
  }
}

/** Stops its folding; the cells stay where they are. */
export async function unloadMetric({ cellFolding }: LoadParts, loaded: LoadedMetric): Promise<void> {
  if (loaded.folding) await cellFolding.remove(loaded.folding)
}

export async function dropCells({ warehouse, datasets }: LoadParts, record: MetricRecord): Promise<void> {
  if (record.cells === undefined) return
  const { system } = await datasets.place(record.workspace)
  await warehouse.command(`DROP TABLE IF EXISTS ${cellsName(cellsOf(system, record))}`)
}

async function withoutCells(parts: LoadParts, record: MetricRecord): Promise<MetricRecord> {
  if (record.cells === undefined) return record
  const { cells: _, datasetMade: __, ...rest } = record
  const bare = { ...rest, cells: undefined, datasetMade: undefined }
  await parts.definitions.setCells(bare)
  await dropCells(parts, record)
  return bare
}

/** Cells of metrics that are gone: left by a crash between two steps. */
export async function dropOrphans(
  { warehouse, datasets }: LoadParts,
  workspace: string,
  records: readonly MetricRecord[],
): Promise<void> {
  const { system } = await datasets.place(workspace)
  const known = new Set(records.map(({ cells }) => cells))
  const tables = await warehouse.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = {system:String} AND name LIKE 'cells_%'",
    { parameters: { system } },
  )
  for (const { name } of tables) {
    if (!known.has(name))
      await warehouse.command(`DROP TABLE IF EXISTS ${cellsName({ database: system, table: name })}`)
  }
}

/** What can be asked, or the reason why nothing can. */
export function answerable(loaded: LoadedMetric): CompiledMetric {
  const { code, dataset } = loaded.record.definition
  if (loaded.compiled) return loaded.compiled
  if (!loaded.dataset) throw metricErrors.dataset_gone({ code, dataset })
  throw metricErrors.broken({ code, dataset }, { problems: loaded.problems })
}

export function stateOf(loaded: LoadedMetric): 'current' | 'folding' | 'raw' | 'broken' {
  if (!loaded.compiled) return 'broken'
  if (!loaded.folding) return 'raw'
  return loaded.folding.started ? 'current' : 'folding'
}

function cellsOf(system: string, record: MetricRecord): CellsTable {
  return { database: system, table: record.cells! }
}

function newCells(): string {
  return `cells_${randomBytes(6).toString('hex')}`
}
