/**
 * Cells: the states of a metric per minute and per quarter of an hour, for each set of dimensions.
 * Quarters are the largest grain from which the days of every zone of today can be put together.
 *
 * One fold is one insert of one part: it adds a range of positions and, in each row, says how far
 * the range reaches. So the cells themselves say what they are complete up to, and a crash leaves a
 * fold whole or absent. A marker (grain 0) has it where it is found without looking at all cells.
 */
import { quoteName } from '#core/dataset'
import type { PositionSql } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import type { CompiledMetric } from '../definition/compile.ts'
import { rowsSql, statesCombined, statesOfRows } from './rows-sql.ts'

export const grains = { marker: 0, minute: 1, quarter: 15 } as const

export interface CellsTable {
  readonly database: string
  readonly table: string
}

/** Cells as one reader may read them: with the row filter over their columns. */
export interface ReadableCells {
  readonly table: CellsTable
  readonly rowFilter?: string | undefined
}

export function cellsName({ database, table }: CellsTable): string {
  return `${quoteName(database)}.${quoteName(table)}`
}

/** The columns of the table, in order. */
function cellsColumns(
  { dimensions, measure }: CompiledMetric,
  positionType: string,
): readonly (readonly [name: string, type: string])[] {
  return [
    ['grain', 'UInt8'],
    ['start', 'Int32'],
    ...dimensions.map(({ column, engineType }) => [column, engineType] as const),
    ['n', 'SimpleAggregateFunction(sum, UInt64)'],
    ...measure.states.map(({ column, type }) => [column, type] as const),
    ['hi', `SimpleAggregateFunction(max, ${positionType})`],
  ]
}

/** Whether a table that is there has the columns that this version folds into; an earlier one kept fewer states. */
export async function cellsFit(warehouse: Warehouse, metric: CompiledMetric, cells: CellsTable): Promise<boolean> {
  const columns = await warehouse.rows<{ name: string }>(
    'SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String} ORDER BY position',
    { parameters: { database: cells.database, table: cells.table } },
  )
  const wanted = cellsColumns(metric, '').map(([name]) => name)
  return columns.length === 0 || columns.map(({ name }) => name).join() === wanted.join()
}

export function createCellsSql(metric: CompiledMetric, cells: CellsTable, positions: PositionSql): string {
  const columns = [
    ...cellsColumns(metric, positions.type).map(([name, type]) => `${name} ${type}`),
    'INDEX changed hi TYPE minmax GRANULARITY 1',
  ]
  const order = ['grain', 'start', ...metric.dimensions.map(({ column }) => column)].join(', ')
  return [
    `CREATE TABLE IF NOT EXISTS ${cellsName(cells)} (${columns.join(', ')})`,
    `ENGINE = AggregatingMergeTree ORDER BY (${order})`,
    'SETTINGS allow_nullable_key = 1, index_granularity = 1024, non_replicated_deduplication_window = 100',
  ].join('\n')
}

/**
 * Folds the rows after the position `from` up to `to`. Writes nothing when no row counts, or when the
 * cells do not reach exactly `reach`.
 */
export function foldSql(metric: CompiledMetric, cells: CellsTable, { type, between }: PositionSql): string {
  const { dimensions, measure } = metric
  const columns = dimensions.map(({ column }) => column)
  const range = [between(`{from:${type}}`, `{to:${type}}`), `(${reachSql(cells)}) = {reach:${type}}`]
  const rows = rowsSql(
    metric,
    dimensions.map(({ name }) => name),
    'minute',
    range,
  )
  const given = columns.map((column, index) => `rows.\`@g${index}\` AS ${column}`)
  const unlessMarker = (value: string, marker: string): string => `if(each = ${grains.marker}, ${marker}, ${value})`
  const start = 'minutes.start - positiveModulo(minutes.start, greatest(each, 1))'
  const list = (...parts: readonly string[]): string => parts.join(', ')
  const selected = list(
    'each AS grain',
    `${unlessMarker(start, '0')} AS start`,
    ...columns.map(
      (own) => `${unlessMarker(`minutes.${own}`, `defaultValueOfArgumentType(minutes.${own})`)} AS ${own}`,
    ),
    ...statesCombined(measure.states, 'minutes', `each != ${grains.marker}`),
    `{to:${type}} AS hi`,
  )
  const names = list('grain', 'start', ...columns, 'n', ...measure.states.map(({ column }) => column), 'hi')
  return [
    `INSERT INTO ${cellsName(cells)} (${names})`,
    `SELECT ${selected} FROM (`,
    `SELECT ${list('rows.`@tick` AS start', ...given, ...statesOfRows(measure.states))} FROM (`,
    rows,
    `) AS rows GROUP BY ${list('start', ...columns)}`,
    `) AS minutes ARRAY JOIN CAST([${Object.values(grains).join(', ')}], 'Array(UInt8)') AS each`,
    `GROUP BY ${list('grain', 'start', ...columns)}`,
  ].join('\n')
}

/** How far the cells reach. */
export function foldedSql(cells: CellsTable): string {
  return `SELECT toString((${reachSql(cells)})) AS folded`
}

function reachSql(cells: CellsTable): string {
  return `SELECT max(hi) FROM ${cellsName(cells)} WHERE grain = ${grains.marker}`
}

/** The minutes whose cells changed after a position, the newest first. */
export function changedSql(cells: CellsTable, { type }: PositionSql): string {
  return `SELECT DISTINCT start FROM ${cellsName(cells)} WHERE grain = ${grains.minute} AND hi > {after:${type}} ORDER BY start DESC LIMIT {limit:UInt32}`
}
