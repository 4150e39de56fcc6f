import { useQuery } from '@tanstack/react-query'
import type { MetricDefinition } from '#core/metric'
import type { PeriodName } from '#core/period'
import type { LivePoint } from '#ui/frames'
import type { LiveState } from '#ui/live-feed'
import { detailText } from '#ui/problem-text'
import { useNow } from '#ui/use-now'
import type { TileSize } from '#ui/TileGrid'
import { isApproximate } from './measure-text.ts'
import { valuesQuery } from './metric-api.ts'
import { baseOfPoint, chartPoints, lastRowAt, nameOfCurrent, shownValue, zeroFrom } from './metric-page-data.ts'
import { newest } from './newest-point.ts'
import { pinItem } from './pin-item.tsx'
import { StreamingKpiCard } from './StreamingKpiCard.tsx'
import { tileSpan } from './tile-span.ts'
import { TileWithMenu } from './TileWithMenu.tsx'
import { usePins } from './use-pins.ts'

export interface MetricTileProps {
  readonly code: string
  /** Instead of the name of the metric. */
  readonly title?: string | undefined
  readonly filter?: string | undefined
  /** Its groups come over the connection, the whole does not. */
  readonly grouped?: boolean
  readonly metric: MetricDefinition | undefined
  /** Metrics have been read, so one that is missing does not exist. */
  readonly known: boolean
  readonly period: PeriodName
  readonly zone: string
  /** The tile's own, of those that came over the connection of the page. */
  readonly points: readonly LivePoint[]
  readonly link: LiveState['link']
  readonly heardAt: number | undefined
  readonly size: TileSize
}

/** A metric beside others, with a menu that pins it to Home. */
export function MetricTile(props: MetricTileProps) {
  const { code, title, metric, size } = props
  const pins = usePins()
  return (
    <TileWithMenu
      id={code}
      name={title ?? metric?.name ?? code}
      size={size}
      items={pins === undefined || metric === undefined ? [] : [pinItem(pins, metric)]}
    >
      <MetricCard {...props} />
    </TileWithMenu>
  )
}

/** Its past over HTTP once, its newest points over the connection that the page holds. */
function MetricCard({
  code,
  title,
  filter,
  grouped = false,
  metric,
  known,
  period,
  zone,
  points,
  link,
  heardAt,
  size,
}: MetricTileProps) {
  const now = useNow(60_000)
  const { from, to: end, current: start, text: fromText } = tileSpan(period, zone, now)
  const past = useQuery({
    ...valuesQuery({ code, period, from, to: end, zone, filter, compare: 'previous', fill: 'null' }),
    refetchInterval: grouped ? 5_000 : 60_000,
  })
  const first = past.data?.extent?.first
  const zeroSince = metric && zeroFrom(metric.measure, first)
  const all = chartPoints({
    code,
    period,
    read: past.data?.points ?? [],
    live: points,
    span: { from, to: end },
    zeroSince,
  })
  const read = past.data?.points.at(-1)
  const streamed = newest(points.filter((point) => Date.parse(point.start) >= start))
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
      to={`/metrics/${code}`}
      search={{ from: fromText, period, zone }}
      name={title ?? metric?.name ?? code}
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
          ? `There is no metric "${code}"`
          : past.isError && current === undefined
            ? detailText(past.error.message)
            : undefined
      }
      size={size}
    />
  )
}
