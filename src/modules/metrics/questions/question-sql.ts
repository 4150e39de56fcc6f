/** The SQL of a question: cells, raw rows, or the one where the other has not got to yet. */
import { quoteName } from '#core/dataset'
import type { CompiledMetric, TickUnit } from '../definition/compile.ts'
import { cellsName, grains, type CellsTable } from '../cells/cells.ts'
import type { PositionSql } from '#ports/log'
import { rowsSql, statesCombined, statesOfRows } from '../cells/rows-sql.ts'

export interface QuestionPlan {
  readonly metric: CompiledMetric
  /** Edges of the periods in ticks, ascending; period `i` is from edge `i` to edge `i + 1`. */
  readonly edges: readonly number[]
  readonly unit: TickUnit
  /** Columns of the dataset to group by. */
  readonly by: readonly string[]
  /** Engine SQL over the dataset's columns. */
  readonly filter: string | undefined
  /** Where the cells are and the same filter over their columns; absent when only raw rows will do. */
  readonly cells:
    | { readonly table: CellsTable; readonly grain: 1 | 15; readonly filter: string | undefined }
    | undefined
}

/** The answer's row that is no period: it only says how far the cells reached. */
export const reachTick = -2_147_483_648

/**
 * Answers rows of `tick` (the period's first edge), `g0` … (texts or null), `n`, the states as text
 * and `hi`. Parameters: `first`, `last` (edges; those between are in the text, too long for a parameter),
 * `after` and `upto` (positions of raw rows), `maxRows`.
 */
export function questionSql(plan: QuestionPlan, positions: PositionSql): string {
  const { metric, by } = plan
  const groups = by.map((_, index) => `g${index}`)
  const { states } = metric.measure
  const together = (from: string) =>
    ['tick', ...groups, ...statesCombined(states, from), `max(${from}.hi) AS hi`].join(', ')
  const keys = ['tick', ...groups].join(', ')
  const read = [
    'toInt64(tick) AS tick',
    ...groups.map((group) => `toString(${group}) AS ${group}`),
    'toString(n) AS n',
    ...states.map(({ column, read }) => `${read(`answer.${column}`)} AS ${column}`),
    'toString(hi) AS hi',
  ]
  const sides = [...(plan.cells ? [cellsSide(plan, plan.cells)] : []), rawSide(plan, positions)]
  const united =
    sides.length === 1
      ? sides[0]!
      : `SELECT ${together('sides')} FROM (${sides.join('\nUNION ALL\n')}) AS sides GROUP BY ${keys}`
  const order = ['answer.tick', ...groups.map((group) => `answer.${group}`)].join(', ')
  return `SELECT ${read.join(', ')} FROM (${united}) AS answer ORDER BY ${order} LIMIT {maxRows:UInt32}`
}

function cellsSide(
  { metric, edges, by }: QuestionPlan,
  { table, grain, filter }: NonNullable<QuestionPlan['cells']>,
): string {
  const columnOf = (name: string) => metric.dimensions.find((dimension) => dimension.name === name)!.column
  const tick = `if(cells.grain = ${grains.marker}, ${reachTick}, ${firstEdge('cells.start', edges)})`
  const groups = by.map((name, index) => `cells.${columnOf(name)} AS g${index}`)
  const inside = [
    edges.length === 2 && grain === grains.minute ? quartersThenMinutes(edges) : `cells.grain = ${grain}`,
    'cells.start >= {first:Int64}',
    'cells.start < {last:Int64}',
    ...(filter === undefined ? [] : [filter]),
  ]
  const selected = [
    `toInt64(${tick}) AS tick`,
    ...groups,
    ...statesCombined(metric.measure.states, 'cells'),
    `maxIf(cells.hi, cells.grain = ${grains.marker}) AS hi`,
  ]
  return `SELECT ${selected.join(', ')} FROM ${cellsName(table)} AS cells WHERE (${inside.join(' AND ')}) OR cells.grain = ${grains.marker} GROUP BY ${keyList(by)}`
}

/** One long period that ends within a quarter needs minutes for its last quarter only. */
function quartersThenMinutes([first = 0, last = 0]: readonly number[]): string {
  const minutes = `cells.grain = ${grains.minute}`
  const within = ((last % 15) + 15) % 15
  if (first % 15 !== 0 || last - within <= first) return minutes
  return `((cells.grain = ${grains.quarter} AND cells.start < ${last - within}) OR (${minutes} AND cells.start >= ${last - within}))`
}

function rawSide({ metric, edges, unit, by, filter }: QuestionPlan, { type, start, between }: PositionSql): string {
  const conditions = [
    ...(metric.folded ? [between(`{after:${type}}`, `{upto:${type}}`)] : []),
    ...metric.between(unit),
    ...(filter === undefined ? [] : [filter]),
  ]
  const groups = by.map((_, index) => `rows.\`@g${index}\` AS g${index}`)
  const selected = [
    `toInt64(${firstEdge('rows.`@tick`', edges)}) AS tick`,
    ...groups,
    ...statesOfRows(metric.measure.states),
    `${start} AS hi`,
  ]
  return `SELECT ${selected.join(', ')} FROM (${rowsSql(metric, by, unit, conditions)}) AS rows GROUP BY ${keyList(by)}`
}

function keyList(by: readonly string[]): string {
  return ['tick', ...by.map((_, index) => `g${index}`)].join(', ')
}

/** The first edge of the period that holds a tick. */
function firstEdge(tick: string, edges: readonly number[]): string {
  const [first = 0, second = 0] = edges
  const length = second - first
  if (edges.length === 2) return `toInt64({first:Int64})`
  if (isRegular(edges)) return length === 1 ? tick : `${tick} - positiveModulo(${tick} - {first:Int64}, ${length})`
  return `roundDown(toInt64(${tick}), CAST([${edges.join(', ')}], 'Array(Int64)'))`
}

function isRegular(edges: readonly number[]): boolean {
  const length = edges[1]! - edges[0]!
  return edges.every((edge, index) => index === 0 || edge - edges[index - 1]! === length)
}

/** Filters over cells see the dimensions under their columns there. */
export function cellsScope(metric: CompiledMetric): CompiledMetric['scope'] {
  const columns = metric.dimensions.map(
    ({ name, column }) => [name, { ...metric.scope.columns.get(name)!, sql: `cells.${quoteName(column)}` }] as const,
  )
  return { columns: new Map(columns) }
}
