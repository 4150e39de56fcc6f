import { periodOf, type Period, type PeriodName, type Zone } from '#core/period'

const minute = 60_000
const day = 86_400_000

/** How far back a snapshot reaches: about an hour of minutes, two days of hours, a month of days … */
const reach: Readonly<Record<PeriodName, number>> = {
  minute: 59 * minute,
  hour: 47 * 60 * minute,
  day: 30 * day,
  week: 25 * 7 * day,
  month: 365 * day,
  quarter: 2 * 365 * day,
  year: 4 * 366 * day,
}

/** The periods of a snapshot, as one range. */
export function snapshotRange(now: number, period: PeriodName, zone: Zone): Period {
  return { start: periodOf(now - reach[period], period, zone).start, end: periodOf(now, period, zone).end }
}

/** The periods that new rows mostly fall into: the open one, and the one before just after its end. */
export function nearRange(now: number, period: PeriodName, zone: Zone): Period {
  return { start: periodOf(now - minute, period, zone).start, end: periodOf(now, period, zone).end }
}

/** The periods of these instants, put together where they touch, newest first, at most `maxRanges`. */
export function rangesOf(instants: readonly number[], period: PeriodName, zone: Zone, maxRanges: number): Period[] {
  const ranges: Period[] = []
  for (const instant of instants.toSorted((a, b) => b - a)) {
    const last = ranges.at(-1)
    if (last !== undefined && instant >= last.start) continue
    const { start, end } = periodOf(instant, period, zone)
    if (last !== undefined && end === last.start) ranges[ranges.length - 1] = { start, end: last.end }
    else if (ranges.length === maxRanges) break
    else ranges.push({ start, end })
  }
  return ranges
}
