import type { PeriodName } from '#core/metric'
import { findZone, periodOf } from '#core/period'
import { livePoints, readValues } from '#modules/metrics/web/metric-api'
import type { LivePoint } from '#ui/frames'
import { useLiveFeed, type LiveView } from '#ui/use-live-feed'

export interface StreamingDashboard extends LiveView {
  /** The newest point of each metric. */
  readonly latest: ReadonlyMap<string, LivePoint>
}

/** All numbers of a dashboard over one connection. */
export function useStreamingDashboard(
  id: string,
  kpis: readonly string[],
  period: PeriodName,
  zone: string,
  filter?: string,
): StreamingDashboard {
  const search = new URLSearchParams({ period, zone })
  if (filter !== undefined) search.set('filter', filter)
  const view = useLiveFeed(
    kpis.length === 0 ? undefined : `/ws/dashboard/${encodeURIComponent(id)}?${search}`,
    async () => {
      const { start, end } = periodOf(Date.now(), period, findZone(zone) ?? findZone('UTC')!)
      const answers = await Promise.all(
        kpis.map((code) => readValues({ code, period, from: start, to: end, zone, filter })),
      )
      return answers.flatMap(livePoints)
    },
  )
  return { ...view, latest: latestOf(view.points) }
}

export function latestOf(points: readonly LivePoint[]): ReadonlyMap<string, LivePoint> {
  const latest = new Map<string, LivePoint>()
  for (const point of points) {
    const known = latest.get(point.code)
    if (known === undefined || Date.parse(point.start) > Date.parse(known.start)) latest.set(point.code, point)
  }
  return latest
}
