import { findZone } from '#core/period'
import { readMoment } from '#ui/grammar'

export const ranges = [
  { value: '', title: 'All time' },
  { value: 'now-1h', title: 'Last hour' },
  { value: 'now-24h', title: 'Last 24 hours' },
  { value: 'now-7d', title: 'Last 7 days' },
  { value: 'now-30d', title: 'Last 30 days' },
]

export interface AuditRange {
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** What is no moment, as it was typed. */
  readonly unread?: string | undefined
}

/** Reads `?from=now-24h&to=2026-11-21` as instants, to the minute, so that a page asks once a minute at most. */
export function readAuditRange(
  url: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
  zoneName: string,
): AuditRange {
  const zone = findZone(zoneName) ?? findZone('UTC')!
  const minute = Math.floor(now / 60_000) * 60_000
  const read = (side: 'from' | 'to') => {
    const text = url[side]
    const moment = text === undefined ? undefined : readMoment(text, side, minute, zone)
    return { text, instant: moment === undefined ? undefined : new Date(moment).toISOString() }
  }
  const [from, to] = [read('from'), read('to')]
  return {
    from: from.instant,
    to: to.instant,
    unread: [from, to].find(({ text, instant }) => text !== undefined && instant === undefined)?.text,
  }
}
