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

/** What an open period is held against: only the part of the earlier one that has elapsed here too. */
export function nameOfBase(period: PeriodName, open: boolean): string {
  return open ? `the same part of ${periodBefore[period]}` : periodBefore[period]
}
