/**
 * Ranges as people type them: `now-6h`, `now/d`, `now-1M/M`, a date, an instant. Rounding and
 * steps by day or longer follow the zone's calendar. A moment at the end of a range rounds up.
 */
import { findZone, localDay, periodOf, startOfLocalDay, type PeriodName, type Zone } from '#core/period'

export interface Span {
  readonly from: number
  readonly to: number
}

const units: Readonly<Record<string, PeriodName>> = {
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  M: 'month',
  Q: 'quarter',
  y: 'year',
}
const clockUnits: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** `undefined` for what is not a moment. */
export function readMoment(text: string, side: 'from' | 'to', now: number, zone: Zone): number | undefined {
  const given = text.trim()
  const relative = /^now((?:[+-]\d+[smhdwMQy])*)(?:\/([mhdwMQy]))?$/.exec(given)
  if (relative) {
    let moment = now
    for (const [, sign, count, unit] of (relative[1] ?? '').matchAll(/([+-])(\d+)([smhdwMQy])/g)) {
      moment = stepped(moment, (sign === '-' ? -1 : 1) * Number(count), unit ?? '', zone)
    }
    const rounding = units[relative[2] ?? '']
    if (rounding === undefined) return moment
    const period = periodOf(moment, rounding, zone)
    return side === 'from' ? period.start : period.end
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(given)) {
    if (Number.isNaN(Date.parse(given))) return undefined
    const start = startOfLocalDay(given, zone)
    return side === 'from' ? start : periodOf(start, 'day', zone).end
  }
  if (!/^\d{4}-\d{2}-\d{2}T/.test(given)) return undefined
  const instant = Date.parse(given)
  return Number.isNaN(instant) ? undefined : instant
}

/** `undefined` unless both ends are moments and the first is before the second. */
export function readRange(from: string, to: string, now: number, zoneName: string): Span | undefined {
  const zone = findZone(zoneName) ?? findZone('UTC')!
  const [start, end] = [readMoment(from, 'from', now, zone), readMoment(to, 'to', now, zone)]
  return start === undefined || end === undefined || start >= end ? undefined : { from: start, to: end }
}

/** A pasted range: `now-6h to now`, `2026-11-01 … 2026-11-20`, `now-7d/d`. */
export function readPasted(text: string): { from: string; to: string } | undefined {
  const [from, to = 'now', ...more] = text.trim().split(/\s+(?:to|until|–|—|…)\s+|\s*(?:\.\.|…|,)\s*/)
  return from === undefined || from === '' || more.length > 0 ? undefined : { from, to }
}

function stepped(moment: number, count: number, unit: string, zone: Zone): number {
  const clock = clockUnits[unit]
  if (clock !== undefined) return moment + count * clock
  const day = localDay(moment, zone)
  const sinceMidnight = moment - startOfLocalDay(day, zone)
  const months = { M: 1, Q: 3, y: 12 }[unit]
  const target = months === undefined ? addDays(day, count * (unit === 'w' ? 7 : 1)) : addMonths(day, count * months)
  return startOfLocalDay(target, zone) + sinceMidnight
}

function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10)
}

function addMonths(day: string, count: number): string {
  const date = new Date(Date.parse(day))
  const dayOfMonth = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + count)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(dayOfMonth, lastDay))
  return date.toISOString().slice(0, 10)
}
