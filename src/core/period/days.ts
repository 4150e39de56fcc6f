import type { Zone } from './zone.ts'

const daySeconds = 86_400
/** No clock is further from UTC than this. */
const farthest = 27 * 3600

/**
 * The first second at which the zone's clock has reached midnight of the day (days since 1970).
 * Where a clock jumps over midnight, that is the jump; where it comes back to the evening before,
 * the day has begun already and does not begin again.
 */
export function startOfDay(zone: Zone, day: number): number {
  const midnight = day * daySeconds
  let segment = zone.segmentAt(midnight - farthest)
  for (;;) {
    const reached = Math.max(segment.from, midnight - segment.offset)
    if (reached < segment.to) return reached
    segment = zone.segmentAt(segment.to)
  }
}

/** The day (since 1970) that an instant belongs to. */
export function dayAt(zone: Zone, second: number): number {
  const day = Math.floor((second + zone.segmentAt(second).offset) / daySeconds)
  return startOfDay(zone, day + 1) <= second ? day + 1 : day
}

export function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

/** Months since January 1970. */
export function monthOf(day: number): number {
  const date = new Date(day * daySeconds * 1000)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

export function firstDayOfMonth(month: number): number {
  const date = new Date(0)
  date.setUTCFullYear(1970 + Math.floor(month / 12), ((month % 12) + 12) % 12, 1)
  return date.getTime() / 1000 / daySeconds
}
