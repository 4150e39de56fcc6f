/** From when to when the rows of a metric are dated, and how many are dated ahead of now. In whole minutes, or days for a date. */
import { localDay, startOfLocalDay, type Zone } from '#core/period'
import { cellsName, grains } from '../cells/cells.ts'
import { rowsSql } from '../cells/rows-sql.ts'
import type { Position } from '#ports/log'
import type { CompiledMetric } from '../definition/compile.ts'
import { readPlan, type AnswerSource } from './read-plan.ts'

export interface Extent {
  /** Milliseconds since 1970. */
  readonly first: number
  /** Of the rows that are not dated ahead; `undefined` when all are. */
  readonly last: number | undefined
  readonly ahead: { readonly rows: number; readonly last: number } | undefined
}

/** In minutes since 1970, of all rows up to a position. */
interface Bounds {
  readonly low: number
  readonly high: number
}

/** In minutes since 1970 too. */
interface Ahead {
  readonly rows: number
  readonly last: number
  /** The last one that is not dated ahead. */
  readonly before: number | undefined
}

interface Known {
  readonly upto: Position
  readonly generation: string | undefined
  readonly bounds: Promise<Bounds | undefined>
  ahead?: { readonly nowTick: number; readonly answer: Promise<Ahead> }
}

/** Rows of one generation stay, so what was read once only grows. */
const known = new WeakMap<CompiledMetric, Known>()

const dayMinutes = 1440
const minuteMs = 60_000

/** `undefined` while there are no rows. */
export async function readExtent(source: AnswerSource, zone: Zone): Promise<Extent | undefined> {
  const { metric, now, positions } = source
  const instantOf = (tick: number): number =>
    metric.byDate ? startOfLocalDay(new Date(tick * minuteMs).toISOString().slice(0, 10), zone) : tick * minuteMs
  const nowTick = metric.byDate
    ? (Date.parse(localDay(now, zone)) / (dayMinutes * minuteMs)) * dayMinutes
    : Math.floor(now / minuteMs)
  const own: Known = metric.folded
    ? knownOf(source)
    : { upto: positions.start, generation: undefined, bounds: readRows(source, positions.start) }
  const bounds = await own.bounds
  if (bounds === undefined) return undefined
  const first = instantOf(bounds.low)
  if (bounds.high <= nowTick) return { first, last: instantOf(bounds.high), ahead: undefined }
  if (own.ahead?.nowTick !== nowTick) own.ahead = { nowTick, answer: readAhead(source, nowTick, bounds.high) }
  const { rows, last, before } = await own.ahead.answer.catch((error: unknown) => {
    delete own.ahead
    throw error
  })
  return {
    first,
    last: before === undefined ? undefined : instantOf(before),
    ahead: rows === 0 ? undefined : { rows, last: instantOf(last) },
  }
}

function knownOf(source: AnswerSource): Known {
  const { metric, positions, upto, generation } = source
  const last = known.get(metric)
  const before = last?.generation === generation ? last : undefined
  if (before !== undefined && positions.covers(before.upto, upto)) return before
  const bounds =
    before === undefined
      ? Promise.all([readCells(source), readRows(source, source.cells?.folded ?? positions.start)]).then(united)
      : Promise.all([before.bounds, readRows(source, before.upto)]).then(united)
  const next: Known = { upto, generation, bounds }
  known.set(metric, next)
  bounds.catch(() => {
    if (known.get(metric) === next) known.delete(metric)
  })
  return next
}

function united(parts: readonly (Bounds | undefined)[]): Bounds | undefined {
  const there = parts.filter((part) => part !== undefined)
  if (there.length === 0) return undefined
  return { low: Math.min(...there.map(({ low }) => low)), high: Math.max(...there.map(({ high }) => high)) }
}

interface BoundsRow {
  readonly n: string
  readonly low: number
  readonly high: number
}

/** Of the ticks up to `latest`. */
async function readCells({ warehouse, cells }: AnswerSource, latest = maxTick): Promise<Bounds | undefined> {
  if (cells === undefined) return undefined
  const { rowFilter } = cells
  const [row] = await warehouse.rows<BoundsRow>(
    `SELECT toString(count()) AS n, min(start) AS low, max(start) AS high FROM ${cellsName(cells.table)} AS cells WHERE grain = ${grains.minute} AND start <= {latest:Int64}${rowFilter === undefined ? '' : ` AND ${rowFilter}`}`,
    { parameters: { latest } },
  )
  return row === undefined || row.n === '0' ? undefined : { low: row.low, high: row.high }
}

async function readRows(
  { warehouse, metric, upto, positions }: AnswerSource,
  after: Position,
  latest = maxTick,
): Promise<Bounds | undefined> {
  const { type, between } = positions.sql
  const range = metric.folded ? [between(`{after:${type}}`, `{upto:${type}}`)] : []
  const [row] = await warehouse.rows<BoundsRow>(
    `SELECT toString(count()) AS n, toInt32(min(rows.\`@tick\`)) AS low, toInt32(max(rows.\`@tick\`)) AS high FROM (${rowsSql(metric, [], 'minute', range)}) AS rows WHERE rows.\`@tick\` <= {latest:Int64}`,
    { parameters: { latest, ...(metric.folded && { after, upto }) } },
  )
  return row === undefined || row.n === '0' ? undefined : { low: row.low, high: row.high }
}

const maxTick = 2 ** 31 - 1

async function readAhead(source: AnswerSource, nowTick: number, high: number): Promise<Ahead> {
  const { metric, cells, positions } = source
  const plan = {
    metric,
    edges: [nowTick + 1, high + 1],
    unit: 'minute' as const,
    by: [],
    filter: undefined,
    cells: cells && { table: cells.table, grain: grains.minute, filter: cells.rowFilter },
  }
  const [rows, ...past] = await Promise.all([
    readPlan(source, plan, metric.definition.code),
    readCells(source, nowTick),
    readRows(source, cells?.folded ?? positions.start, nowTick),
  ])
  const ahead = rows.filter((row) => Number(row['tick']) === nowTick + 1)
  return {
    rows: ahead.reduce((sum, row) => sum + Number(row['n']), 0),
    last: high,
    before: united(past)?.high,
  }
}
