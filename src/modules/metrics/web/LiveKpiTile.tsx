import { useQuery } from '@tanstack/react-query'
import type { MetricDefinition } from '#core/metric'
import { findZone, periodOf, type PeriodName } from '#core/period'
import { detailText } from '#ui/problem-text'
import { useNow } from '#ui/use-now'
import { valuesQuery } from './metric-api.ts'
import { isApproximate } from './measure-text.ts'
import { baseOfPoint, lastRowAt, nameOfCurrent, shownValue, sparkPoints, zeroFrom } from './metric-page-data.ts'
import { StreamingKpiCard } from './StreamingKpiCard.tsx'
import { useStreamingKPI } from './use-streaming-kpi.ts'

const hour = 3_600_000
/** While the past still comes in, as in the first minute of a demo, one looks for it more often. */
const soonMs = 5_000

/** Today so far, live, against the same part of yesterday, over the last day by hours. */
export function LiveKpiTile({
  metric,
  period = 'day',
}: {
  readonly metric: MetricDefinition
  readonly period?: PeriodName
}) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const now = useNow(60_000)
  const { start, end } = periodOf(now, period, findZone(zone) ?? findZone('UTC')!)
  const hourStart = Math.floor(now / hour) * hour
  const current = useQuery({
    ...valuesQuery({ code: metric.code, period, from: start, to: end, zone, compare: 'previous', fill: 'null' }),
    refetchInterval: ({ state }) => (state.data?.points.at(-1)?.compare?.value === null ? soonMs : 60_000),
  })
  const past = useQuery({
    ...valuesQuery({
      code: metric.code,
      period: 'hour',
      from: hourStart - 23 * hour,
      to: hourStart + hour,
      zone,
      fill: 'null',
    }),
    refetchInterval: ({ state }) =>
      (state.data?.points.filter(({ dataPoints }) => dataPoints > 0).length ?? 0) < 2 ? soonMs : 20_000,
  })
  const live = useStreamingKPI(metric.code, period, { zone, readFirst: false })
  const read = current.data?.points.at(-1)
  const streamed = live.latest !== undefined && Date.parse(live.latest.start) >= start ? live.latest : undefined
  const point = streamed ?? read
  const first = current.data?.extent?.first
  const zeroSince = zeroFrom(metric.measure, first)
  const base = baseOfPoint({ point: read, period, first, zeroSince })
  return (
    <StreamingKpiCard
      to={`/metrics/${metric.code}`}
      name={metric.name}
      heading="h3"
      unit={metric.unit}
      direction={metric.direction}
      value={point && shownValue(point, zeroSince)}
      approximate={isApproximate(metric.measure)}
      caption={nameOfCurrent(period)}
      base={base.value}
      against={base.name}
      partialSince={base.since}
      spark={sparkPoints(past.data?.points ?? [], zeroSince)}
      link={live.link}
      heardAt={live.heardAt}
      lastRowAt={lastRowAt(current.data, streamed)}
      loading={point === undefined && current.isPending}
      problem={current.isError && point === undefined ? detailText(current.error.message) : undefined}
    />
  )
}
