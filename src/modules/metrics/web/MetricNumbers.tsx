import { Freshness } from '#ui/Freshness'
import { formatNumber } from '#ui/number'
import { formatExactTime } from '#ui/time'
import type { Metric } from '../contract.ts'
import { Breakdowns } from './Breakdowns.tsx'
import type { Chosen } from './dims-filter.ts'
import type { MetricValues } from './metric-api.ts'
import { lastRowAt } from './metric-page-data.ts'
import { MetricChart } from './MetricChart.tsx'
import { MetricControls } from './MetricControls.tsx'
import { MetricFigure } from './MetricFigure.tsx'
import { useMetricNumbers } from './use-metric-numbers.ts'

type Ahead = NonNullable<NonNullable<MetricValues['extent']>['ahead']>

/** The number, its change, the range and the chart; breakdowns at the right narrow everything. */
export function MetricNumbers({ metric }: { readonly metric: Metric }) {
  const numbers = useMetricNumbers(metric)
  const { range, values, chosen, comparison, last, live, streamed } = numbers
  const { period, zone } = range
  const extent = values.data?.extent
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_288px]">
      <div className="min-w-0">
        <MetricControls numbers={numbers} />
        <div className="mb-4 flex min-h-12 flex-wrap items-end justify-between gap-x-4 gap-y-1">
          <MetricFigure
            metric={metric}
            last={last}
            base={numbers.base}
            period={period}
            zone={zone}
            loading={numbers.loading}
            stale={values.isPlaceholderData}
            none={values.isError ? '' : noneText(chosen, extent?.last, zone)}
            relativeError={values.data?.approximate?.relativeError}
          />
          {streamed && (
            <span className="pb-1.5">
              <Freshness
                link={live.link}
                heardAt={numbers.heardAt}
                lastRowAt={lastRowAt(values.data, live.latest)}
                zone={zone}
              />
            </span>
          )}
        </div>
        {numbers.baseIsEmpty && comparison.shift !== undefined && (
          <p className="mb-2 text-12 text-ink-3">{`${comparison.name}: no rows to compare with`}</p>
        )}
        {range.moves && extent?.ahead !== undefined && <Ahead ahead={extent.ahead} zone={zone} />}
        <MetricChart metric={metric} numbers={numbers} />
      </div>
      <Breakdowns
        metric={metric}
        period={period}
        zone={zone}
        at={last?.at}
        span={numbers.shown}
        chosen={chosen}
        onChoose={numbers.choose}
      />
    </div>
  )
}

function Ahead({ ahead: { rows, last }, zone }: { readonly ahead: Ahead; readonly zone: string }) {
  const counted = rows === 1 ? '1 row is dated' : `${formatNumber(rows)} rows are dated`
  return (
    <p className="mb-2 text-12 text-warn">
      {`${counted} ahead of now, up to ${formatExactTime(Date.parse(last), zone)}: shown when their period begins.`}
    </p>
  )
}

function noneText(chosen: Chosen, lastRow: string | null | undefined, zone: string): string {
  const latest =
    lastRow === undefined || lastRow === null ? '' : `; the newest is of ${formatExactTime(Date.parse(lastRow), zone)}`
  return Object.keys(chosen).length === 0
    ? `No rows in this range${latest}`
    : 'No rows in this range that fit; take a choice away, or look further back'
}
