import type { MetricDefinition } from '#core/metric'
import type { PeriodName } from '#core/period'
import type { ChartPoint } from '#ui/chart-spec'
import { cx } from '#ui/class-names'
import { Delta } from '#ui/Delta'
import { formatExact, formatNumber, formatPercent } from '#ui/number'
import { SpokenValue } from '#ui/SpokenValue'
import { formatPeriod } from '#ui/time'
import type { Base } from './metric-page-data.ts'

/** The newest number of the range, its change, and what it is of; its place until the first answer. */
export function MetricFigure({
  metric,
  last,
  base,
  period,
  zone,
  loading,
  stale,
  none,
  relativeError,
}: {
  readonly metric: MetricDefinition
  readonly last: ChartPoint | undefined
  readonly base: Base
  readonly period: PeriodName
  readonly zone: string
  readonly loading: boolean
  /** A newer answer is being read; the value shown belongs to the previous question. */
  readonly stale: boolean
  /** Why there is no number, once that is known. */
  readonly none: string
  /** How close an approximate value is. */
  readonly relativeError: number | undefined
}) {
  if (loading) {
    return (
      <div aria-hidden="true" className="flex items-end gap-x-4">
        <span className="skeleton my-1.5 block h-9 w-40" />
        <span className="flex flex-col gap-1.5 pb-2">
          <span className="skeleton block h-3 w-16" />
          <span className="skeleton block h-3 w-28" />
        </span>
      </div>
    )
  }
  const approximate = relativeError !== undefined && last !== undefined && last.value !== null
  const text = `${approximate ? '≈\u202f' : ''}${formatNumber(last?.value, { unit: metric.unit })}`
  return (
    <div className={cx('flex flex-wrap items-end gap-x-4 transition-opacity duration-100', stale && 'opacity-60')}>
      <p className="big-figure text-40" title={formatExact(last?.value, metric.unit)}>
        {text}
      </p>
      <div className="flex flex-col pb-1.5">
        {last !== undefined && (
          <Delta
            value={last.value}
            base={base.value}
            direction={metric.direction}
            unit={metric.unit}
            against={base.name}
            saysBase
            partialSince={base.since}
            zone={zone}
          />
        )}
        <span className="text-12 text-ink-3">
          {last === undefined
            ? none
            : `${formatPeriod(last.at, period, zone)}${last.state === 'open' ? ', so far' : ''}${approximate ? `, approximate to ${formatPercent(relativeError)}` : ''}`}
        </span>
      </div>
      <SpokenValue text={last === undefined ? '' : `${metric.name}: ${text}`} />
    </div>
  )
}
