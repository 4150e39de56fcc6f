import { findZone, periodOf, type PeriodName } from '#core/period'
import { livePoints, readValues } from '#modules/metrics/web'
import { useLiveFeed, type LiveView } from '#ui/use-live-feed'
import type { Dashboard } from './dashboard-api.ts'
import { filterText } from './tile-points.ts'

/** All numbers of a dashboard over one connection. */
export function useStreamingDashboard({ id, tiles }: Dashboard, period: PeriodName, zone: string): LiveView {
  const search = new URLSearchParams({ period, zone })
  return useLiveFeed(tiles.length === 0 ? undefined : `/ws/dashboard/${encodeURIComponent(id)}?${search}`, async () => {
    const { start, end } = periodOf(Date.now(), period, findZone(zone) ?? findZone('UTC')!)
    const answers = await Promise.all(
      tiles.map(async (tile, index) => {
        const filter = filterText(tile)
        const read = await readValues({ code: tile.metric, period, from: start, to: end, zone, filter })
        return livePoints(read).map((point) => (filter === undefined ? point : { ...point, tile: index }))
      }),
    )
    return answers.flat()
  })
}
