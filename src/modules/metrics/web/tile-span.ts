import { findZone, periodOf, type PeriodName } from '#core/period'

const pasts: Readonly<Record<string, { readonly buckets: number; readonly length: number; readonly text: string }>> = {
  minute: { buckets: 60, length: 60_000, text: 'now-1h' },
  hour: { buckets: 48, length: 3_600_000, text: 'now-48h' },
  day: { buckets: 30, length: 86_400_000, text: 'now-29d/d' },
}

/** The recent past that a tile shows; `current` is where the period begins that is still filling, `text` the same range as people type it. */
export function tileSpan(
  period: PeriodName,
  zone: string,
  now: number,
): { readonly from: number; readonly to: number; readonly current: number; readonly text: string } {
  const { buckets, length, text } = pasts[period] ?? pasts['hour']!
  const { start, end } = periodOf(now, period, findZone(zone) ?? findZone('UTC')!)
  return { from: start - buckets * length, to: end, current: start, text }
}
