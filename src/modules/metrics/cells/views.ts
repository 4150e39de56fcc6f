/** The views `kpi_values_minute|hour|day`: what the cells hold, per set of dimensions, for people who write SQL. */
import { quoteName } from '#core/dataset'
import { sqlString } from '#core/sql-text'
import type { Warehouse } from '#ports/warehouse'
import { cellsName, type CellsTable } from './cells.ts'
import type { CompiledMetric } from '../definition/compile.ts'
import { rowsSql, statesCombined, statesOfRows } from './rows-sql.ts'

export interface ViewedMetric {
  readonly metric: CompiledMetric
  /** Absent where only raw rows answer. */
  readonly cells: CellsTable | undefined
}

const lengths = { minute: 1, hour: 60, day: 1440 } as const
type ViewPeriod = keyof typeof lengths
export const viewNames: readonly string[] = Object.keys(lengths).map((period) => `kpi_values_${period}`)
const columns =
  "'' AS code, toDateTime64(0, 0, 'UTC') AS period_start, CAST(map(), 'Map(String, Nullable(String))') AS dims, CAST(NULL, 'Nullable(Float64)') AS value, toUInt64(0) AS data_points"

export async function makeViews(
  warehouse: Warehouse,
  database: string,
  metrics: readonly ViewedMetric[],
): Promise<void> {
  for (const period of Object.keys(lengths) as ViewPeriod[]) await warehouse.command(viewSql(database, period, metrics))
}

export function viewSql(database: string, period: ViewPeriod, metrics: readonly ViewedMetric[]): string {
  const parts = metrics.map((viewed) => partSql(viewed, period))
  const body = parts.length === 0 ? `SELECT ${columns} WHERE 0` : parts.join('\nUNION ALL\n')
  return `CREATE OR REPLACE VIEW ${quoteName(database)}.kpi_values_${period} AS\n${body}`
}

function partSql({ metric, cells }: ViewedMetric, period: ViewPeriod): string {
  const { definition, dimensions, measure } = metric
  const dims = dimensions.map(({ name, column }) => `${sqlString(name)}, toString(${column})`).join(', ')
  const shown = [
    `${sqlString(definition.code)} AS code`,
    "toDateTime64(toInt64(tick) * 60, 0, 'UTC') AS period_start",
    `CAST(map(${dims}), 'Map(String, Nullable(String))') AS dims`,
    `CAST(${measure.sql}, 'Nullable(Float64)') AS value`,
    'n AS data_points',
  ]
  return `SELECT ${shown.join(', ')} FROM (${cells ? ofCells(metric, cells, period) : ofRows(metric, period)})`
}

function ofCells({ dimensions, measure }: CompiledMetric, cells: CellsTable, period: ViewPeriod): string {
  const groups = dimensions.map(({ column }) => `cells.${column} AS ${column}`)
  const selected = [`${floor('cells.start', period)} AS tick`, ...groups, ...statesCombined(measure.states, 'cells')]
  return `SELECT ${selected.join(', ')} FROM ${cellsName(cells)} AS cells WHERE cells.grain = ${period === 'minute' ? 1 : 15} GROUP BY ${keys(dimensions)}`
}

function ofRows(metric: CompiledMetric, period: ViewPeriod): string {
  const { dimensions, measure } = metric
  const groups = dimensions.map(({ column }, index) => `rows.\`@g${index}\` AS ${column}`)
  const selected = [`${floor('rows.`@tick`', period)} AS tick`, ...groups, ...statesOfRows(measure.states)]
  return `SELECT ${selected.join(', ')} FROM (${rowsSql(
    metric,
    dimensions.map(({ name }) => name),
    'minute',
    [],
  )}) AS rows GROUP BY ${keys(dimensions)}`
}

function keys(dimensions: CompiledMetric['dimensions']): string {
  return ['tick', ...dimensions.map(({ column }) => column)].join(', ')
}

function floor(tick: string, period: ViewPeriod): string {
  return period === 'minute' ? tick : `${tick} - positiveModulo(${tick}, ${lengths[period]})`
}
