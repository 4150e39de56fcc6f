import type { MetricPoint, PeriodName } from '#core/metric'
import type { ChartPoint } from '#ui/chart-spec'
import { keyOf, overlaid, type LivePoint } from '#ui/frames'
import type { SparkPoint } from '#ui/sparkline-path'

/** Points read over HTTP with the live ones laid over them, within the range, for a chart. */
export function chartPoints(
  code: string,
  period: string,
  read: readonly MetricPoint[],
  live: readonly LivePoint[],
  span: { from: number; to: number },
): ChartPoint[] {
  const asLive = read.map((point): LivePoint => ({
    code,
    period,
    start: point.start,
    value: point.value,
    state: point.state,
    dataPoints: point.dataPoints,
  }))
  const current = live.filter(
    (point) => point.code === code && point.period === period && Date.parse(point.start) >= span.from - 1,
  )
  return overlaid(asLive, current, keyOf).map(({ start, value, state }) => ({ at: Date.parse(start), value, state }))
}

export function sparkPoints(points: readonly { start: string; value: number | null; state: string }[]): SparkPoint[] {
  return points.map(({ start, value, state }) => ({ at: Date.parse(start), value, open: state === 'open' }))
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
}

/** What a point is held against, as it was read; an open minute is over before a base for it is of use. */
export function baseOfPoint(point: Pick<MetricPoint, 'state' | 'compare'> | undefined, period: PeriodName): Base {
  const compare = point?.state === 'open' && period === 'minute' ? undefined : point?.compare
  const before = periodBefore[period]
  return { value: compare?.value, name: compare?.elapsed === true ? `the same part of ${before}` : before }
}
