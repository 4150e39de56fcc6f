import { Chart } from '#ui/Chart'
import { partialNote } from '#ui/chart-spec'
import { Failure, Skeleton } from '#ui/Nothing'
import type { Metric } from '../contract.ts'
import type { MetricNumbersState } from './use-metric-numbers.ts'

/** The points of the range, over those they are compared with; dragging over it zooms in. */
export function MetricChart({
  metric,
  numbers: { range, shown, values, points, last, comparison, basePoints, loading, heardAt },
}: {
  readonly metric: Metric
  readonly numbers: MetricNumbersState
}) {
  if (values.isError) return <Failure error={values.error} retry={() => void values.refetch()} />
  if (loading) return <Skeleton className="h-[440px] w-full" />
  const { from, to } = shown
  return (
    <Chart
      height={400}
      stale={values.isPlaceholderData}
      onZoom={(start, end) => range.change({ from: new Date(start).toISOString(), to: new Date(end).toISOString() })}
      note={last?.state === 'open' && heardAt !== undefined ? partialNote(heardAt, range.zone) : undefined}
      spec={{
        title: metric.name,
        kind: 'area',
        unit: metric.unit,
        period: range.period,
        zone: range.zone,
        from,
        to: range.moves ? Math.max(points.at(-1)?.at ?? from + 1, from + 1) : to,
        target: metric.target?.[range.period],
        series: [
          { name: metric.name, points },
          ...(basePoints === undefined ? [] : [{ name: comparison.name, points: basePoints, quiet: true }]),
        ],
      }}
    />
  )
}
