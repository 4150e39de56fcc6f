import { findZone, periodOf, type PeriodName } from '#core/period'
import type { LivePoint } from '#ui/frames'
import type { LiveState } from '#ui/live-feed'
import { useLiveFeed } from '#ui/use-live-feed'
import { livePoints, readValues } from './metric-api.ts'
import { newest } from './newest-point.ts'

export interface StreamingOptions {
  readonly zone?: string | undefined
  readonly filter?: string | undefined
  readonly by?: string | undefined
  /** `false`: no connection at all. */
  readonly on?: boolean
  /** `false`: the page has read the first value already. */
  readonly readFirst?: boolean
}

export interface StreamingKpi extends LiveState {
  /** The newest point: the period that is still filling. */
  readonly latest: LivePoint | undefined
  pause(): void
  go(): void
}

/**
 * A metric that stays current: the first value over HTTP, then the socket, which resumes after a
 * lost connection; polls where sockets are not to be had.
 *
 * ```tsx
 * const { latest, link } = useStreamingKPI('SAL.REV', 'day')
 * ```
 */
export function useStreamingKPI(
  code: string,
  period: PeriodName,
  { zone, filter, by, on = true, readFirst = true }: StreamingOptions = {},
): StreamingKpi {
  const inZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const search = new URLSearchParams({ period, zone: inZone })
  if (filter !== undefined) search.set('filter', filter)
  if (by !== undefined) search.set('by', by)
  const view = useLiveFeed(
    on ? `/ws/kpi/${encodeURIComponent(code)}?${search}` : undefined,
    async () => {
      const now = Date.now()
      const { start, end } = periodOf(now, period, findZone(inZone) ?? findZone('UTC')!)
      return livePoints(await readValues({ code, period, from: start, to: end, zone: inZone, filter, by }))
    },
    readFirst,
  )
  return { ...view, latest: newest(view.points) }
}
