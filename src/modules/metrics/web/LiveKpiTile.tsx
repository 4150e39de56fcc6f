import { useQuery } from '@tanstack/react-query'
import type { MetricDefinition, PeriodName } from '#core/metric'
import { findZone, periodOf } from '#core/period'
import { useNow } from '#ui/use-now'
import { valuesQuery } from './metric-api.ts'
import { baseOfPoint, nameOfCurrent, sparkPoints } from './metric-page-data.ts'
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
    ...valuesQuery({ code: metric.code, period: 'hour', from: hourStart - 23 * hour, to: hourStart + hour, zone }),
    refetchInterval: ({ state }) => ((state.data?.points.length ?? 0) < 2 ? soonMs : 20_000),
  })
  const live = useStreamingKPI(metric.code, period, { zone, readFirst: false })
  const point = live.latest ?? current.data?.points.at(-1)
  const base = baseOfPoint(current.data?.points.at(-1), period)
  return (
    <StreamingKpiCard
      to={`/metrics/${metric.code}`}
      name={metric.name}
      unit={metric.unit}
      direction={metric.direction}
      value={point?.value}
      caption={nameOfCurrent(period)}
      base={base.value}
      against={base.name}
      spark={sparkPoints(past.data?.points ?? [])}
      link={live.link}
      heardAt={live.heardAt}
      loading={point === undefined && current.isPending}
      problem={current.isError && point === undefined ? current.error.message : undefined}
    />
  )
}
