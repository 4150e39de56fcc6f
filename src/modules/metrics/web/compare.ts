/** What a chart is laid over: the same length before, a week before, 52 weeks before. */
import type { MetricPoint } from '#core/metric'
import { periodOf, type PeriodName, type Zone } from '#core/period'
import type { ChartPoint } from '#ui/chart-spec'
import type { Span } from '#ui/grammar'

const week = 7 * 86_400_000

export const comparisons = [
  { value: '', title: 'No comparison' },
  { value: 'before', title: 'The range before' },
  { value: 'week', title: 'A week before' },
  { value: 'year', title: '52 weeks before' },
] as const

/** How far back the base lies, in milliseconds; `undefined` for no comparison. */
export function shiftOf(comparison: string | undefined, span: Span): number | undefined {
  if (comparison === 'before' || comparison === 'previous') return span.to - span.from
  return { week, year: 52 * week }[comparison ?? '']
}

export function nameOfComparison(comparison: string | undefined): string {
  return comparisons.find(({ value }) => value === (comparison === 'previous' ? 'before' : comparison))?.title ?? ''
}

const spoken: Readonly<Record<string, string>> = {
  before: 'of the range before',
  previous: 'of the range before',
  week: 'a week before',
  year: '52 weeks before',
}

/** The comparison after the name of a period: "the hour a week before". */
export function spokenComparison(comparison: string | undefined): string | undefined {
  return spoken[comparison ?? '']
}

/** The span the base is read for: whole periods of the zone's calendar. */
export function baseSpan(span: Span, shift: number, period: PeriodName, zone: Zone): Span {
  return { from: near(span.from - shift, period, zone), to: near(span.to - shift, period, zone) }
}

/** Base points laid on the times they are compared with. */
export function laidOver(points: readonly MetricPoint[], shift: number, period: PeriodName, zone: Zone): ChartPoint[] {
  return points.map(({ start, value }) => ({
    at: near(Date.parse(start) + shift, period, zone),
    value,
    state: 'final',
  }))
}

/** The nearest start of a period: a change of the clock between the two moves a day by an hour. */
function near(instant: number, period: PeriodName, zone: Zone): number {
  const { start, end } = periodOf(instant, period, zone)
  return instant - start <= end - instant ? start : end
}
