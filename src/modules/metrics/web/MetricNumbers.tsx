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
import { formatNumber } from '#ui/number'
import { RangePill } from '#ui/RangePill'
import { useRange } from '#ui/use-range'
import { useShortcut } from '#ui/shortcuts'
import { formatExactTime } from '#ui/time'
import { useUrlState } from '#ui/url-state'
import type { Metric } from '../contract.ts'
import { Breakdowns } from './Breakdowns.tsx'
import { chosenIn, filterOf, noValue, urlName, type Chosen } from './dims-filter.ts'
import { baseSpan, comparisons, laidOver, nameOfComparison, shiftOf, spokenComparison } from './compare.ts'
import { baseOfPoint, chartPoints, lastRowAt, shownValue, zeroFrom } from './metric-page-data.ts'
import { MetricFigure } from './MetricFigure.tsx'
import { valuesQuery, type MetricValues } from './metric-api.ts'
import { metricExport } from './metric-export.ts'
import { useStreamingKPI } from './use-streaming-kpi.ts'

type Ahead = NonNullable<NonNullable<MetricValues['extent']>['ahead']>

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
  const shift = shiftOf(comparison, { from, to })
  const baseOf = baseSpan({ from, to }, shift ?? 0, period, clock)
  const asked = { code: metric.code, period, from, to, zone, filter, compare: 'previous' }
  const values = useQuery({
    ...valuesQuery({
      ...asked,
      fill: 'null',
      compare: shift === undefined ? 'previous' : `${isoOf(baseOf.from)}..${isoOf(baseOf.to)}`,
    }),
    refetchInterval: range.moves ? 30_000 : false,
  })
  const askedBase = { code: metric.code, period, ...baseOf, zone, filter }
  const before = useQuery({ ...valuesQuery({ ...askedBase, fill: 'null' }), enabled: shift !== undefined })
  const streamed = range.moves && (period === 'minute' || period === 'hour' || period === 'day')
  const live = useStreamingKPI(metric.code, period, { zone, filter, on: streamed, readFirst: false })
  const extent = values.data?.extent
  const zeroSince = zeroFrom(metric.measure, extent?.first)
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
  const base = baseOfPoint({
    point: values.data?.points.findLast((point) => Date.parse(point.start) === last?.at),
    period,
    first: extent?.first,
    zeroSince,
    chosen: spokenComparison(comparison),
  })
  const baseIsEmpty = before.data !== undefined && before.data.points.every(({ dataPoints }) => dataPoints === 0)
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
            none={values.isError ? '' : noneText(chosen, extent?.last, zone)}
            relativeError={values.data?.approximate?.relativeError}
          />
          {streamed && (
            <span className="pb-1.5">
              <Freshness
                link={live.link}
                heardAt={heardAt}
                lastRowAt={lastRowAt(values.data, live.latest)}
                zone={zone}
              />
            </span>
          )}
        </div>
        {baseIsEmpty && shift !== undefined && (
          <p className="mb-2 text-12 text-ink-3">{`${nameOfComparison(comparison)}: no rows to compare with`}</p>
        )}
        {range.moves && extent?.ahead !== undefined && <Ahead ahead={extent.ahead} zone={zone} />}
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
              to: range.moves ? Math.max(points.at(-1)?.at ?? from + 1, from + 1) : to,
              target: metric.target?.[period],
              series: [
                { name: metric.name, points },
                ...(shift === undefined
                  ? []
                  : [
                      {
                        name: nameOfComparison(comparison),
                        points: laidOver(
                          (before.data?.points ?? []).map((point) => ({
                            ...point,
                            value: shownValue(point, zeroSince),
                          })),
                          shift,
                          period,
                          clock,
                        ),
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

function Ahead({ ahead: { rows, last }, zone }: { readonly ahead: Ahead; readonly zone: string }) {
  const counted = rows === 1 ? '1 row is dated' : `${formatNumber(rows)} rows are dated`
  return (
    <p className="mb-2 text-12 text-warn">
      {`${counted} ahead of now, up to ${formatExactTime(Date.parse(last), zone)}: shown when their period begins.`}
    </p>
  )
}

function isoOf(instant: number): string {
  return new Date(instant).toISOString()
}

function noneText(chosen: Chosen, lastRow: string | null | undefined, zone: string): string {
  const latest =
    lastRow === undefined || lastRow === null ? '' : `; the newest is of ${formatExactTime(Date.parse(lastRow), zone)}`
  return Object.keys(chosen).length === 0
    ? `No rows in this range${latest}`
    : 'No rows in this range that fit; take a choice away, or look further back'
}
