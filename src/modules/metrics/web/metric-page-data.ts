import type { Measure, MetricPoint } from '#core/metric'
import type { PeriodName } from '#core/period'
import type { ChartPoint } from '#ui/chart-spec'
import { keyOf, overlaid, type LivePoint } from '#ui/frames'
import type { SparkPoint } from '#ui/sparkline-path'
import type { MetricValues } from './metric-api.ts'

/** A sum or count of no rows is nothing; an average of no rows is a gap. */
const zeroWhenEmpty = new Set(['count', 'sum', 'distinct'])

/** From when on periods without rows are zero; `undefined` where they are gaps. */
export function zeroFrom(measure: Measure, first: string | undefined): number | undefined {
  return first !== undefined && zeroWhenEmpty.has(measure.type) ? Date.parse(first) : undefined
}

interface Valued {
  readonly start: string
  readonly end?: string
  readonly value: number | null
  readonly dataPoints: number
}

/** What a point shows: one without rows shows zero where there were rows before it and none is zero. */
export function shownValue({ start, end, value, dataPoints }: Valued, zeroSince: number | undefined): number | null {
  const empty = dataPoints === 0 && zeroSince !== undefined && Date.parse(end ?? start) > zeroSince
  return empty ? 0 : value
}

export interface ChartSource {
  readonly code: string
  readonly period: string
  readonly read: readonly MetricPoint[]
  readonly live: readonly LivePoint[]
  readonly span: { readonly from: number; readonly to: number }
  readonly zeroSince: number | undefined
  readonly now?: number
}

/** Points read over HTTP with the live ones laid over them, within the range and not beyond now where there are no rows, for a chart. */
export function chartPoints({
  code,
  period,
  read,
  live,
  span,
  zeroSince,
  now = Date.now(),
}: ChartSource): MetricChartPoint[] {
  const asLive = read.map((point): LivePoint => ({
    code,
    period,
    start: point.start,
    end: point.end,
    value: point.value,
    state: point.state,
    dataPoints: point.dataPoints,
  }))
  const current = live.filter(({ start, ...point }) => {
    const at = Date.parse(start)
    return point.code === code && point.period === period && at >= span.from - 1 && at < span.to
  })
  const begun = (point: LivePoint): boolean => point.dataPoints > 0 || Date.parse(point.start) <= now
  return overlaid(asLive, current, keyOf)
    .filter(begun)
    .map((point) => ({
      at: Date.parse(point.start),
      value: shownValue(point, zeroSince),
      state: point.state,
      rows: point.dataPoints,
    }))
}

/**
 * How the newest row is dated, as far as it was read; `undefined` when it is not known, or newer rows
 * have come over the connection since.
 */
export function lastRowAt(
  read: Pick<MetricValues, 'points' | 'extent'> | undefined,
  live: LivePoint | undefined,
): number | undefined {
  const last = read?.extent?.last
  const before = read?.points.at(-1)
  if (last === undefined || last === null || before === undefined) return undefined
  const newer =
    live !== undefined &&
    live.dataPoints > 0 &&
    (live.start > before.start || (live.start === before.start && live.dataPoints > before.dataPoints))
  return newer ? undefined : Date.parse(last)
}

export interface MetricChartPoint extends ChartPoint {
  readonly rows: number
}

export function sparkPoints(
  points: readonly (Valued & { readonly state: string })[],
  zeroSince: number | undefined,
): SparkPoint[] {
  return points.map((point) => ({
    at: Date.parse(point.start),
    value: shownValue(point, zeroSince),
    open: point.state === 'open',
  }))
}

const thisPeriod: Readonly<Record<PeriodName, string>> = {
  minute: 'this minute',
  hour: 'this hour',
  day: 'today',
  week: 'this week',
  month: 'this month',
  quarter: 'this quarter',
  year: 'this year',
}
const periodBefore: Readonly<Record<PeriodName, string>> = {
  minute: 'the minute before',
  hour: 'the hour before',
  day: 'yesterday',
  week: 'last week',
  month: 'last month',
  quarter: 'last quarter',
  year: 'last year',
}

export function nameOfCurrent(period: PeriodName): string {
  return thisPeriod[period]
}

export interface Base {
  /** `undefined`: nothing to compare with; `null`: there was nothing. */
  readonly value: number | null | undefined
  readonly name: string
  /** When the rows of the base begin, where that is after the base itself does. */
  readonly since: number | undefined
}

export interface BaseSource {
  readonly point: Pick<MetricPoint, 'state' | 'compare'> | undefined
  readonly period: PeriodName
  /** The first row of the metric. */
  readonly first: string | undefined
  readonly zeroSince: number | undefined
  /** The comparison that was chosen: "a week before"; the period before otherwise. */
  readonly chosen?: string | undefined
}

/** What a point is held against, as it was read; an open minute is over before the minute before it is of use. */
export function baseOfPoint({ point, period, first, zeroSince, chosen }: BaseSource): Base {
  const open = point?.state === 'open' && period === 'minute' && chosen === undefined
  const compare = open ? undefined : point?.compare
  // Yesterday is the day before today only, and not before a day that is long over.
  const before = point === undefined || point.state === 'open' ? periodBefore[period] : `the ${period} before`
  const whole = chosen === undefined ? before : `the ${period} ${chosen}`
  return {
    value: compare && shownValue(compare, zeroSince),
    name: compare?.elapsed === true ? `the same part of ${whole}` : whole,
    since: compare?.partial === true && first !== undefined ? Date.parse(first) : undefined,
  }
}
