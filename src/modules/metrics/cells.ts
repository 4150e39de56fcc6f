/**
 * Cells: the states of a metric per minute and per quarter of an hour, for each set of dimensions.
 * Quarters are the largest grain from which the days of every zone of today can be put together.
 *
 * One fold is one insert of one part: it adds a range of positions and, in each row, says how far
 * the range reaches. So the place up to which the cells are complete is `max(hi)` of what is there,
 * and a crash leaves a fold whole or absent. A marker (grain 0) says it where no row fell.
 */
import { quoteName } from '#core/dataset'
import type { CompiledMetric } from './compile.ts'
import { rowsSql, statesCombined, statesOfRows } from './rows.ts'

export const grains = { marker: 0, minute: 1, quarter: 15 } as const

export interface CellsTable {
  readonly database: string
  readonly table: string
}

export function cellsName({ database, table }: CellsTable): string {
  return `${quoteName(database)}.${quoteName(table)}`
}

export function createCellsSql(metric: CompiledMetric, cells: CellsTable): string {
  const { dimensions, measure } = metric
  const columns = [
    'grain UInt8',
    'start Int32',
    ...dimensions.map(({ column, engineType }) => `${column} ${engineType}`),
    'n SimpleAggregateFunction(sum, UInt64)',
    ...measure.states.map(({ column, type }) => `${column} ${type}`),
    'hi SimpleAggregateFunction(max, UInt64)',
    'INDEX changed hi TYPE minmax GRANULARITY 1',
  ]
  const order = ['grain', 'start', ...dimensions.map(({ column }) => column)].join(', ')
  return [
    `CREATE TABLE IF NOT EXISTS ${cellsName(cells)} (${columns.join(', ')})`,
    `ENGINE = AggregatingMergeTree ORDER BY (${order})`,
    'SETTINGS allow_nullable_key = 1, index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1',
  ].join('\n')
}

/** Folds the rows after `{lo:UInt64}` up to `{hi:UInt64}`; writes nothing when the cells do not reach exactly `lo`. */
export function foldSql(metric: CompiledMetric, cells: CellsTable): string {
  const { dimensions, measure } = metric
  const columns = dimensions.map(({ column }) => column)
  const given = dimensions.map(({ column }, index) => `\`@g${index}\` AS ${column}`)
  const goesOn = `(${reachSql(cells)}) = {lo:UInt64}`
  const rows = rowsSql(
    metric,
    dimensions.map(({ name }) => name),
    'minute',
    ['_position > {lo:UInt64}', '_position <= {hi:UInt64}', goesOn],
  )
  const names = ['grain', 'start', ...columns, 'n', ...measure.states.map(({ column }) => column), 'hi']
  const list = (...parts: readonly string[]) => parts.join(', ')
  return [
    `INSERT INTO ${cellsName(cells)} (${names.join(', ')})`,
    `WITH rows AS (${rows}),`,
    `minutes AS (SELECT ${list('`@tick` AS start', ...given, ...statesOfRows(measure.states))} FROM rows GROUP BY ${list('start', ...columns)})`,
    `SELECT ${list('each AS grain', 'minutes.start - positiveModulo(minutes.start, each) AS start', ...columns.map((column) => `minutes.${column} AS ${column}`), ...statesCombined(measure.states, 'minutes'), '{hi:UInt64} AS hi')}`,
    `FROM minutes ARRAY JOIN CAST([${grains.minute}, ${grains.quarter}], 'Array(UInt8)') AS each GROUP BY ${list('grain', 'start', ...columns)}`,
    'UNION ALL',
    `SELECT ${list(`toUInt8(${grains.marker})`, 'toInt32(0)', ...columns.map((_, index) => `any(\`@g${index}\`)`), ...statesOfRows(measure.states), '{hi:UInt64}')} FROM (SELECT * FROM rows WHERE 0) HAVING ${goesOn}`,
  ].join('\n')
}

/** One part for one fold, whatever its size. */
export const foldSettings = {
  max_insert_threads: 1,
  min_insert_block_size_rows: 1_000_000_000,
  min_insert_block_size_bytes: 0,
  max_insert_block_size: 1_000_000_000,
  optimize_on_insert: 1,
  async_insert: 0,
} as const

/** How far the cells reach. */
export function foldedSql(cells: CellsTable): string {
  return `SELECT toString((${reachSql(cells)})) AS folded`
}

function reachSql(cells: CellsTable): string {
  return `SELECT max(hi) FROM ${cellsName(cells)} WHERE grain = ${grains.marker}`
}

/** The minutes whose cells changed after a position, the newest first. */
export function changedSql(cells: CellsTable): string {
  return `SELECT DISTINCT start FROM ${cellsName(cells)} WHERE grain = ${grains.minute} AND hi > {after:UInt64} ORDER BY start DESC LIMIT {most:UInt32}`
}
