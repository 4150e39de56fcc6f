import { useQuery } from '@tanstack/react-query'
import type { MetricDefinition, PeriodName } from '#core/metric'
import { valuesQuery } from '#modules/metrics/web/metric-api'
import { isApproximate } from '#modules/metrics/web/measure-text'
import {
  baseOfPoint,
  chartPoints,
  lastRowAt,
  nameOfCurrent,
  shownValue,
  zeroFrom,
} from '#modules/metrics/web/metric-page-data'
import { StreamingKpiCard } from '#modules/metrics/web/StreamingKpiCard'
import type { LivePoint } from '#ui/frames'
import type { LiveState } from '#ui/live-feed'
import { useNow } from '#ui/use-now'
import type { TileSize } from '#ui/TileGrid'
import type { Tile } from './dashboard-api.ts'
import { filterText, newestOf } from './tile-points.ts'
import { tileSpan } from './tile-span.ts'

/** One metric of a dashboard: its past over HTTP once, its newest points over the dashboard's connection. */
export function StreamingTile({
  tile,
  metric,
  known,
  period,
  zone,
  points,
  link,
  heardAt,
  size,
}: {
  readonly tile: Tile
  readonly metric: MetricDefinition | undefined
  /** Metrics have been read, so one that is missing does not exist. */
  readonly known: boolean
  readonly period: PeriodName
  readonly zone: string
  /** The tile's own, of those that came over the dashboard's connection. */
  readonly points: readonly LivePoint[]
  readonly link: LiveState['link']
  readonly heardAt: number | undefined
  readonly size: TileSize
}) {
  const now = useNow(60_000)
  const { from, to: end, current: start, text: fromText } = tileSpan(period, zone, now)
  const filter = filterText(tile)
  const past = useQuery({
    ...valuesQuery({ code: tile.metric, period, from, to: end, zone, filter, compare: 'previous', fill: 'null' }),
    // Its groups come over the connection, the whole does not.
    refetchInterval: tile.by === undefined ? 60_000 : 5_000,
  })
  const first = past.data?.extent?.first
  const zeroSince = metric && zeroFrom(metric.measure, first)
  const all = chartPoints({
    code: tile.metric,
    period,
    read: past.data?.points ?? [],
    live: points,
    span: { from, to: end },
    zeroSince,
  })
  const read = past.data?.points.at(-1)
  const streamed = newestOf(points.filter((point) => Date.parse(point.start) >= start))
  const current = streamed ?? (read !== undefined && Date.parse(read.start) === start ? read : undefined)
  const value = current && shownValue(current, zeroSince)
  const base = baseOfPoint({
    point: past.data?.points.find((one) => Date.parse(one.start) === start),
    period,
    first,
    zeroSince,
  })
  return (
    <StreamingKpiCard
      to={`/metrics/${tile.metric}`}
      search={{ from: fromText, period, zone }}
      name={tile.title ?? metric?.name ?? tile.metric}
      value={value}
      approximate={metric !== undefined && isApproximate(metric.measure)}
      unit={metric?.unit}
      caption={
        ((current?.dataPoints ?? 0) === 0 && past.data !== undefined ? 'nothing yet ' : '') +
        nameOfCurrent(period) +
        (filter === undefined ? '' : `, where ${filter}`)
      }
      base={base.value}
      against={base.name}
      partialSince={base.since}
      direction={metric?.direction}
      spark={all.map((point) => ({ at: point.at, value: point.value, open: point.state === 'open' }))}
      link={link}
      heardAt={heardAt}
      lastRowAt={lastRowAt(past.data, streamed)}
      loading={current === undefined && past.isPending}
      problem={
        known && metric === undefined
          ? `There is no metric "${tile.metric}"`
          : past.isError && current === undefined
            ? past.error.message
            : undefined
      }
      size={size}
    />
  )
}
