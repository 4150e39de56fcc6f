import { useQuery } from '@tanstack/react-query'
import type { MetricDefinition, PeriodName } from '#core/metric'
import { valuesQuery } from '#modules/metrics/web/metric-api'
import { baseOfPoint, chartPoints, nameOfCurrent, sparkPoints } from '#modules/metrics/web/metric-page-data'
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
    ...valuesQuery({ code: tile.metric, period, from, to: end, zone, filter, compare: 'previous' }),
    // Its groups come over the connection, the whole does not.
    refetchInterval: tile.by === undefined ? 60_000 : 5_000,
  })
  const all = chartPoints(tile.metric, period, past.data?.points ?? [], points, { from, to: end })
  const read = past.data?.points.at(-1)
  const current = newestOf(points) ?? (read !== undefined && Date.parse(read.start) === start ? read : undefined)
  const base = baseOfPoint(
    past.data?.points.find((one) => Date.parse(one.start) === start),
    period,
  )
  return (
    <StreamingKpiCard
      to={`/metrics/${tile.metric}`}
      search={{ from: fromText, period, zone }}
      name={tile.title ?? metric?.name ?? tile.metric}
      value={current?.value}
      unit={metric?.unit}
      caption={
        (current === undefined && past.data !== undefined ? 'nothing yet ' : '') +
        nameOfCurrent(period) +
        (filter === undefined ? '' : `, where ${filter}`)
      }
      base={base.value}
      against={base.name}
      direction={metric?.direction}
      spark={sparkPoints(all.map(({ at, value, state }) => ({ start: new Date(at).toISOString(), value, state })))}
      link={link}
      heardAt={heardAt}
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
