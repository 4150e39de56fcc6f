/** The numbers that the tiles of a dashboard show, each with its description. */
import type { MetricDefinition, MetricPoint } from '#core/metric'
import type { PeriodName } from '#core/period'
import { questionFacts, readValues, tileSpan, valueOf } from '#modules/metrics/web'
import type { Export } from '#ui/export-text'
import type { Dashboard, Tile } from './dashboard-api.ts'
import { filterText } from './tile-points.ts'

interface Row extends MetricPoint {
  readonly tile: Tile
}

export function dashboardExport(
  dashboard: Dashboard,
  period: PeriodName,
  zone: string,
  metrics: readonly MetricDefinition[],
): Export<Row> {
  const nameOf = ({ title, metric }: Tile): string =>
    title ?? metrics.find(({ code }) => code === metric)?.name ?? metric
  const there = dashboard.tiles.filter((tile) => metrics.some(({ code }) => code === tile.metric))
  const gone = dashboard.tiles.filter((tile) => !there.includes(tile))
  const { from, to } = tileSpan(period, zone, Date.now())
  let asOf = ''
  return {
    name: [dashboard.name, period].join(' '),
    about: () => [
      ['Dashboard', `${dashboard.title} (${dashboard.name}), version ${dashboard.version}`],
      ...questionFacts({ period, zone, from, to }).filter(([name]) => name !== 'Filter'),
      ...(gone.length === 0 ? [] : [['Left out, no such metric', gone.map(nameOf).join(', ')] as const]),
      ['As of', asOf],
    ],
    columns: [
      { id: 'tile', value: ({ tile }) => nameOf(tile) },
      { id: 'metric', value: ({ tile }) => tile.metric },
      { id: 'filter', value: ({ tile }) => filterText(tile) },
      { id: 'start', value: ({ start }) => start },
      { id: 'end', value: ({ end }) => end },
      { id: 'value', value: valueOf },
      { id: 'state', value: ({ state }) => state },
      { id: 'data_points', value: ({ dataPoints }) => dataPoints },
    ],
    async *read(signal) {
      for (const tile of there) {
        const asked = { code: tile.metric, period, from, to, zone, filter: filterText(tile) }
        const { points, asOf: at } = await readValues(asked, signal)
        // The earliest holds for all.
        if (asOf === '' || at < asOf) asOf = at
        yield points.map((point) => ({ ...point, tile }))
      }
    },
  }
}
