import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { findZone, periodOf } from '#core/period'
import { Button } from '#ui/Button'
import { Chart } from '#ui/Chart'
import { partialNote } from '#ui/chart-spec'
import { ExportMenu } from '#ui/ExportMenu'
import { Select } from '#ui/Field'
import { Freshness } from '#ui/Freshness'
import { LiveToggle } from '#ui/LiveToggle'
import { Failure, Skeleton } from '#ui/Nothing'
import { RangePill } from '#ui/RangePill'
import { useRange } from '#ui/range'
import { useShortcut } from '#ui/shortcuts'
import { useUrlState } from '#ui/url-state'
import type { Metric } from '../contract.ts'
import { Breakdowns } from './Breakdowns.tsx'
import { chosenIn, filterOf, noValue, urlName, type Chosen } from './dims-filter.ts'
import { baseSpan, comparisons, laidOver, nameOfComparison, shiftOf } from './compare.ts'
import { baseOfPoint, chartPoints } from './metric-page-data.ts'
import { MetricFigure } from './MetricFigure.tsx'
import { valuesQuery } from './metric-api.ts'
import { metricExport } from './metric-export.ts'
import { useStreamingKPI } from './use-streaming-kpi.ts'

/** The number, its change, the range and the chart; breakdowns at the right narrow everything. */
export function MetricNumbers({ metric }: { readonly metric: Metric }) {
  const [url, changeUrl] = useUrlState()
  const range = useRange({ from: 'now-24h', to: 'now' })
  const { span, period, zone } = range
  const chosen = chosenIn(url)
  const filter = filterOf(chosen)
  const comparison = url['compare']
  const compare = (value: string): void => changeUrl({ compare: value }, { keep: true })
  useShortcut('c', 'Compare with the range before', () => compare(comparison === undefined ? 'before' : ''))
  const clock = findZone(zone) ?? findZone('UTC')!
  const from = periodOf(span.from, period, clock).start
  const to = periodOf(span.to - 1, period, clock).end
  const asked = { code: metric.code, period, from, to, zone, filter, compare: 'previous' }
  const values = useQuery({
    ...valuesQuery(asked),
    refetchInterval: range.moves ? 30_000 : false,
  })
  const shift = shiftOf(comparison, { from, to })
  const baseOf = baseSpan({ from, to }, shift ?? 0, period, clock)
  const askedBase = { code: metric.code, period, ...baseOf, zone, filter }
  const before = useQuery({ ...valuesQuery(askedBase), enabled: shift !== undefined })
  const streamed = range.moves && (period === 'minute' || period === 'hour' || period === 'day')
  const live = useStreamingKPI(metric.code, period, { zone, filter, on: streamed, readFirst: false })
  const points = chartPoints(metric.code, period, values.data?.points ?? [], streamed ? live.points : [], { from, to })
  const last = points.at(-1)
  const base = baseOfPoint(
    values.data?.points.findLast((point) => Date.parse(point.start) === last?.at),
    period,
  )
  const loading = last === undefined && (values.isPending || values.isPlaceholderData)
  const heardAt = live.heardAt ?? (values.data === undefined ? undefined : Date.parse(values.data.asOf))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_288px]">
      <div className="min-w-0">
        <div className="mb-4 flex flex-wrap items-center gap-2">
          <RangePill range={range} />
          <span className="ml-auto flex items-center gap-3">
            <span className="w-40">
              <Select
                id="compare"
                aria-label="Compare with"
                value={comparison ?? ''}
                onChange={compare}
                options={comparisons}
              />
            </span>
            {streamed && <LiveToggle link={live.link} pause={live.pause} go={live.go} />}
            <ExportMenu
              what="these values"
              source={() =>
                metricExport(
                  metric,
                  asked,
                  shift === undefined
                    ? undefined
                    : {
                        name: nameOfComparison(comparison),
                        asked: askedBase,
                        at: (point) => laidOver([point], shift, period, clock)[0]!.at,
                      },
                )
              }
            />
          </span>
        </div>
        {Object.keys(chosen).length > 0 && (
          <ul aria-label="Narrowed to" className="mb-3 flex flex-wrap gap-2">
            {Object.entries(chosen).map(([name, value]) => (
              <li key={name}>
                <Button
                  className="h-7 rounded-full text-12"
                  onClick={() => changeUrl({ [urlName(name)]: undefined }, { keep: true })}
                >
                  <span className="text-ink-3">{name}</span> {value === noValue ? 'none' : value}{' '}
                  <X size={12} aria-label="Remove" />
                </Button>
              </li>
            ))}
          </ul>
        )}
        <div className="mb-4 flex min-h-12 flex-wrap items-end justify-between gap-x-4 gap-y-1">
          <MetricFigure
            metric={metric}
            last={last}
            base={base}
            period={period}
            zone={zone}
            loading={loading}
            stale={values.isPlaceholderData}
            none={values.isError ? '' : noneText(chosen)}
          />
          {streamed && (
            <span className="pb-1.5">
              <Freshness link={live.link} heardAt={heardAt} />
            </span>
          )}
        </div>
        {values.isError ? (
          <Failure error={values.error} retry={() => void values.refetch()} />
        ) : loading ? (
          <Skeleton className="h-[440px] w-full" />
        ) : (
          <Chart
            height={400}
            stale={values.isPlaceholderData}
            onZoom={(start, end) =>
              range.change({ from: new Date(start).toISOString(), to: new Date(end).toISOString() })
            }
            note={last?.state === 'open' && heardAt !== undefined ? partialNote(heardAt, zone) : undefined}
            spec={{
              title: metric.name,
              kind: 'area',
              unit: metric.unit,
              period,
              zone,
              from,
              to: Math.max(last?.at ?? from + 1, range.moves ? from + 1 : to),
              target: metric.target?.[period],
              series: [
                { name: metric.name, points },
                ...(shift === undefined
                  ? []
                  : [
                      {
                        name: nameOfComparison(comparison),
                        points: laidOver(before.data?.points ?? [], shift, period, clock),
                        quiet: true,
                      },
                    ]),
              ],
            }}
          />
        )}
      </div>
      <Breakdowns
        metric={metric}
        period={period}
        zone={zone}
        at={last?.at}
        span={{ from, to }}
        chosen={chosen}
        onChoose={(name, value) => changeUrl({ [urlName(name)]: value }, { keep: true })}
      />
    </div>
  )
}

function noneText(chosen: Chosen): string {
  return Object.keys(chosen).length === 0
    ? 'No rows in this range'
    : 'No rows in this range that fit; take a choice away, or look further back'
}
