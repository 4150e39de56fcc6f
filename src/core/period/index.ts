/**
 * Periods of time in any zone: minutes, hours, days, weeks from Monday, months, quarters, years.
 *
 * The periods of one kind follow each other without gap or overlap, whatever the clock does:
 * - a day begins when its clock first reaches midnight, or jumps over it;
 * - an hour (minute) begins at each whole local hour (minute) and at each change of the clock,
 *   so the hour that a clock goes through twice is two hours;
 * - longer periods begin with their first day.
 *
 * ```ts
 * const zone = findZone('Asia/Kolkata')!
 * const day = periodOf(Date.parse('2026-11-21T01:00:00Z'), 'day', zone)
 * new Date(day.start).toISOString() // '2026-11-20T18:30:00.000Z'
 * new Date(day.end).toISOString() // '2026-11-21T18:30:00.000Z'
 * localDay(day.start, zone) // '2026-11-21'
 * ```
 */
import { dayAt, firstDayOfMonth, monthOf, startOfDay, weekday } from './days.ts'
import { periodNames, periodStates, type PeriodName, type PeriodState } from './names.ts'
import { findZone, type Zone } from './zone.ts'

export { findZone, periodNames, periodStates, type PeriodName, type PeriodState, type Zone }

/** `[start, end)` in milliseconds since 1970. */
export interface Period {
  readonly start: number
  readonly end: number
}

type DayPeriod = Exclude<PeriodName, 'minute' | 'hour'>

/** Periods made of days: the number of the one that holds a day, and the first day of a number. */
const numbered: Readonly<Record<DayPeriod, { number(day: number): number; firstDay(number: number): number }>> = {
  day: { number: (day) => day, firstDay: (number) => number },
  week: { number: (day) => (day - weekday(day) + 3) / 7, firstDay: (number) => number * 7 - 3 },
  month: { number: monthOf, firstDay: firstDayOfMonth },
  quarter: { number: (day) => Math.floor(monthOf(day) / 3), firstDay: (number) => firstDayOfMonth(number * 3) },
  year: { number: (day) => Math.floor(monthOf(day) / 12), firstDay: (number) => firstDayOfMonth(number * 12) },
}

/** The period that holds the instant. */
export function periodOf(instant: number, period: PeriodName, zone: Zone): Period {
  const second = Math.floor(instant / 1000)
  if (period === 'minute') return clockPeriod(second, 60, zone)
  if (period === 'hour') return clockPeriod(second, 3600, zone)
  const { number, firstDay } = numbered[period]
  const current = number(dayAt(zone, second))
  return { start: startOfDay(zone, firstDay(current)) * 1000, end: startOfDay(zone, firstDay(current + 1)) * 1000 }
}

export function previousPeriod(of: Period, period: PeriodName, zone: Zone): Period {
  return periodOf(of.start - 1, period, zone)
}

/** The periods that share an instant with `[from, to)`, whole, in order. The caller bounds how many it takes. */
export function* periodsIn(from: number, to: number, period: PeriodName, zone: Zone): Generator<Period, void, void> {
  if (from >= to) return
  for (let current = periodOf(from, period, zone); current.start < to; current = periodOf(current.end, period, zone))
    yield current
}

/** A day of the calendar as the zone's people write it: `2026-11-21`. */
export function localDay(instant: number, zone: Zone): string {
  return new Date(dayAt(zone, Math.floor(instant / 1000)) * 86_400_000).toISOString().slice(0, 10)
}

/** The first instant of a calendar day (`2026-11-21`) in the zone. */
export function startOfLocalDay(date: string, zone: Zone): number {
  return startOfDay(zone, Date.parse(`${date}T00:00:00Z`) / 86_400_000) * 1000
}

/** Open until its end, provisional until its end plus the lateness, then final. */
export function periodState(of: Period, latenessMs: number, now: number): PeriodState {
  if (now < of.end) return 'open'
  return now < of.end + latenessMs ? 'provisional' : 'final'
}

function clockPeriod(second: number, length: number, zone: Zone): Period {
  const segment = zone.segmentAt(second)
  const local = second + segment.offset
  const whole = local - (((local % length) + length) % length) - segment.offset
  return {
    start: Math.max(whole, changeBefore(second, whole, zone)) * 1000,
    end: Math.min(whole + length, changeAfter(second, whole + length, zone)) * 1000,
  }
}

/** The last change of the clock up to `second`, looked for as far back as `until`. */
function changeBefore(second: number, until: number, zone: Zone): number {
  let segment = zone.segmentAt(second)
  while (!segment.changed && segment.from > until) segment = zone.segmentAt(segment.from - 1)
  return segment.changed ? segment.from : -Infinity
}

/** The first change of the clock after `second`, looked for as far as `until`. */
function changeAfter(second: number, until: number, zone: Zone): number {
  let segment = zone.segmentAt(second)
  while (segment.to < until) {
    segment = zone.segmentAt(segment.to)
    if (segment.changed) return segment.from
  }
  return Infinity
}
