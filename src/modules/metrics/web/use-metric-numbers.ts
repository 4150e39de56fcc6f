import { useQuery } from '@tanstack/react-query'
import { findZone, periodOf } from '#core/period'
import { useShortcut } from '#ui/shortcuts'
import { useUrlState } from '#ui/url-state'
import { useRange } from '#ui/use-range'
import type { Metric } from '../contract.ts'
import { baseSpan, laidOver, nameOfComparison, shiftOf, spokenComparison } from './compare.ts'
import { chosenIn, filterOf, urlName } from './dims-filter.ts'
import { valuesQuery } from './metric-api.ts'
import { metricExport } from './metric-export.ts'
import { baseOfPoint, chartPoints, shownValue, zeroFrom } from './metric-page-data.ts'
import { useStreamingKPI } from './use-streaming-kpi.ts'

export type MetricNumbersState = ReturnType<typeof useMetricNumbers>

/** What the URL asks of a metric, and its answers: read over HTTP, with newer points from the socket over them. */
export function useMetricNumbers(metric: Metric) {
  const [url, changeUrl] = useUrlState()
  const range = useRange({ from: 'now-24h', to: 'now' })
  const { span, period, zone } = range
  const chosen = chosenIn(url)
  const filter = filterOf(chosen)
  const clock = findZone(zone) ?? findZone('UTC')!
  const from = periodOf(span.from, period, clock).start
  const to = periodOf(span.to - 1, period, clock).end
  const comparison = useComparison({ from, to })
  const { shift } = comparison
  const baseOf = baseSpan({ from, to }, shift ?? 0, period, clock)
  const question = { code: metric.code, period, from, to, zone, filter, compare: 'previous' }
  const baseQuestion = { code: metric.code, period, ...baseOf, zone, filter }
  const values = useQuery({
    ...valuesQuery({
      ...question,
      fill: 'null',
      compare: shift === undefined ? 'previous' : `${isoOf(baseOf.from)}..${isoOf(baseOf.to)}`,
    }),
    refetchInterval: range.moves ? 30_000 : false,
  })
  const before = useQuery({ ...valuesQuery({ ...baseQuestion, fill: 'null' }), enabled: shift !== undefined })
  const streamed = range.moves && (period === 'minute' || period === 'hour' || period === 'day')
  const live = useStreamingKPI(metric.code, period, { zone, filter, on: streamed, readFirst: false })
  const first = values.data?.extent?.first
  const zeroSince = zeroFrom(metric.measure, first)
  const points = chartPoints({
    code: metric.code,
    period,
    read: values.data?.points ?? [],
    live: streamed ? live.points : [],
    span: { from, to },
    zeroSince,
  })
  const some = points.some(({ rows }) => rows > 0)
  const last = some && range.moves ? points.at(-1) : points.findLast(({ rows }) => rows > 0)
  const laid = (base: Parameters<typeof laidOver>[0]) => laidOver(base, shift ?? 0, period, clock)
  return {
    range,
    /** The shown span in whole periods. */
    shown: { from, to },
    chosen,
    choose: (name: string, value: string | undefined) => changeUrl({ [urlName(name)]: value }, { keep: true }),
    comparison,
    values,
    streamed,
    live,
    points,
    /** The period that the figure and the breakdowns are of. */
    last,
    base: baseOfPoint({
      point: values.data?.points.findLast((point) => Date.parse(point.start) === last?.at),
      period,
      first,
      zeroSince,
      chosen: spokenComparison(comparison.value),
    }),
    /** The points compared with, at the times they are compared at; `undefined` without a comparison. */
    basePoints:
      shift === undefined
        ? undefined
        : laid((before.data?.points ?? []).map((point) => ({ ...point, value: shownValue(point, zeroSince) }))),
    baseIsEmpty: before.data !== undefined && before.data.points.every(({ dataPoints }) => dataPoints === 0),
    loading: last === undefined && (values.isPending || values.isPlaceholderData),
    heardAt: live.heardAt ?? (values.data === undefined ? undefined : Date.parse(values.data.asOf)),
    exported: () =>
      metricExport(
        metric,
        question,
        shift === undefined
          ? undefined
          : { name: comparison.name, question: baseQuestion, at: (point) => laid([point])[0]!.at },
      ),
  }
}

function useComparison(span: { readonly from: number; readonly to: number }) {
  const [url, changeUrl] = useUrlState()
  const value = url['compare']
  const change = (next: string): void => changeUrl({ compare: next }, { keep: true })
  useShortcut('c', 'Compare with the range before', () => change(value === undefined ? 'before' : ''))
  return { value, change, name: nameOfComparison(value), shift: shiftOf(value, span) }
}

function isoOf(instant: number): string {
  return new Date(instant).toISOString()
}
