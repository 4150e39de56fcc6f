import { useQuery } from '@tanstack/react-query'
import type { MetricDefinition } from '#core/metric'
import { findZone, periodOf, type PeriodName } from '#core/period'
import { Failure, Skeleton } from '#ui/Nothing'
import { RankedBars } from '#ui/RankedBars'
import { formatPeriod } from '#ui/time'
import { filterOf, noValue, type Chosen } from './dims-filter.ts'
import { valuesQuery } from './metric-api.ts'

/** The shown period by each dimension; a click on a row narrows everything to it. */
export function Breakdowns({
  metric,
  period,
  zone,
  at,
  span,
  chosen,
  onChoose,
}: {
  readonly metric: MetricDefinition
  readonly period: PeriodName
  readonly zone: string
  /** Start of the period broken down; the last of the span where none is known. */
  readonly at: number | undefined
  readonly span: { readonly from: number; readonly to: number }
  readonly chosen: Chosen
  readonly onChoose: (dimension: string, value: string | undefined) => void
}) {
  const bucket = periodOf(at ?? span.to - 1, period, findZone(zone) ?? findZone('UTC')!)
  if (metric.dimensions.length === 0) {
    return <p className="text-13 text-ink-3">This metric has no dimensions to break it down by.</p>
  }
  return (
    <aside aria-label="Breakdowns" className="flex flex-col gap-6">
      <p className="-mb-3 text-12 text-ink-3">{`${formatPeriod(bucket.start, period, zone)}, by dimension`}</p>
      {metric.dimensions.map((dimension) => (
        <Breakdown
          key={dimension}
          metric={metric}
          dimension={dimension}
          period={period}
          zone={zone}
          bucket={bucket}
          filter={filterOf(chosen, dimension)}
          chosen={chosen[dimension]}
          onChoose={(value) => onChoose(dimension, value)}
        />
      ))}
    </aside>
  )
}

function Breakdown({
  metric,
  dimension,
  period,
  zone,
  bucket,
  filter,
  chosen,
  onChoose,
}: {
  readonly metric: MetricDefinition
  readonly dimension: string
  readonly period: PeriodName
  readonly zone: string
  readonly bucket: { readonly start: number; readonly end: number }
  readonly filter: string | undefined
  readonly chosen: string | undefined
  readonly onChoose: (value: string | undefined) => void
}) {
  const values = useQuery({
    ...valuesQuery({ code: metric.code, period, from: bucket.start, to: bucket.end, zone, by: dimension, filter }),
    refetchInterval: () => (bucket.end > Date.now() ? 10_000 : false),
  })
  return (
    <section aria-label={`By ${dimension}`}>
      <h2 className="mb-1.5 px-2 text-12 font-medium text-ink-2">{dimension}</h2>
      {values.isError ? (
        <Failure error={values.error} compact />
      ) : values.data === undefined ? (
        <div className="flex flex-col gap-1.5">
          <Skeleton className="h-6 w-full" />
          <Skeleton className="h-6 w-3/5" />
          <Skeleton className="h-6 w-2/5" />
        </div>
      ) : (
        <RankedBars
          label={`${metric.name} by ${dimension}`}
          unit={metric.unit}
          chosen={chosen}
          onChoose={onChoose}
          rows={values.data.points.map(({ dims, value }) => ({
            key: dims?.[dimension] ?? noValue,
            title: dims?.[dimension] ?? 'none',
            value,
          }))}
        />
      )}
    </section>
  )
}
