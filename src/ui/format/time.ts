/** Times as people read them. The exact one goes into the title. */
import type { PeriodName } from '#core/period'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export function formatAgo(at: number, now: number): string {
  const ago = now - at
  const size = Math.abs(ago)
  const text =
    size < 5_000
      ? 'just now'
      : size < minute
        ? `${Math.floor(size / 1000)} s`
        : size < hour
          ? `${Math.floor(size / minute)} min`
          : size < day
            ? hours(size, ago < 0)
            : `${Math.floor(size / day)} d`
  if (text === 'just now') return text
  return ago < 0 ? `in ${text}` : `${text} ago`
}

/** What is to come is waited for, so its minutes count: "in 1 h" would be wrong by half at 1 h 57. */
function hours(size: number, coming: boolean): string {
  const minutes = Math.floor((size % hour) / minute)
  return `${Math.floor(size / hour)} h${coming && minutes > 0 ? ` ${minutes} min` : ''}`
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (milliseconds < hour) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  if (milliseconds < day)
    return `${Math.floor(milliseconds / hour)} h ${Math.round((milliseconds % hour) / minute)} min`
  return `${Math.floor(milliseconds / day)} d ${Math.round((milliseconds % day) / hour)} h`
}

const formats = new Map<string, Intl.DateTimeFormat>()

export function formatInZone(at: number, zone: string | undefined, options: Intl.DateTimeFormatOptions): string {
  const full = zone === undefined ? options : { ...options, timeZone: zone }
  const key = JSON.stringify(full)
  let made = formats.get(key)
  if (made === undefined) formats.set(key, (made = new Intl.DateTimeFormat(undefined, full)))
  return made.format(at)
}

export function formatExactTime(at: number, zone?: string | undefined): string {
  return formatInZone(at, zone, { dateStyle: 'medium', timeStyle: 'long' })
}

/** The time of day, with its day when that is not today's half. */
export function formatMoment(at: number, now: number, zone?: string | undefined): string {
  const clock = { hour: '2-digit', minute: '2-digit', hour12: false } as const
  const size = Math.abs(now - at)
  if (size < day / 2) return formatInZone(at, zone, clock)
  return formatInZone(at, zone, { day: 'numeric', month: 'short', ...(size < 300 * day ? clock : { year: 'numeric' }) })
}

export function formatClock(at: number, zone?: string | undefined): string {
  return formatInZone(at, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
}

/** The name of one period: "14:05", "14:00", "Thu 20 Nov", "November 2026". */
export function formatPeriod(start: number, period: PeriodName, zone?: string | undefined): string {
  switch (period) {
    case 'minute':
    case 'hour':
      return formatInZone(start, zone, { weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false })
    case 'day':
      return formatInZone(start, zone, { weekday: 'short', day: 'numeric', month: 'short' })
    case 'week':
      return `Week of ${formatInZone(start, zone, { day: 'numeric', month: 'short' })}`
    case 'month':
      return formatInZone(start, zone, { month: 'long', year: 'numeric' })
    case 'quarter':
      return `Q${Math.floor(Number(formatInZone(start, zone, { month: 'numeric' })) / 3.01) + 1} ${formatInZone(start, zone, { year: 'numeric' })}`
    case 'year':
      return formatInZone(start, zone, { year: 'numeric' })
  }
}
