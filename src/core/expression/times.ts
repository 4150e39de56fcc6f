/** Instants are microseconds since 1970 UTC, dates are days since 1970; both as bigint, exact. */
export const microsPerDay = 86_400_000_000n
const timestampPattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/
/** What timestamps and dates hold: the years 1900 to 2299. */
export const firstInstant = BigInt(Date.UTC(1900, 0, 1)) * 1000n
export const lastInstant = BigInt(Date.UTC(2300, 0, 1)) * 1000n - 1n

/** The form of timestamps that casts accept, as the engine's regular expression. */
export const timestampForm =
  '^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}' +
  '([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$'

/** RFC 3339, also with a space, without seconds or as a date alone; without an offset it is UTC. */
export function readTimestamp(text: string): bigint | undefined {
  const match = timestampPattern.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match
  const days = dayNumber(Number(year), Number(month), Number(day))
  if (days === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const offset =
    zone === 'Z' ? 0 : (zone[0] === '-' ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)))
  const seconds = Number(hour) * 3600 + (Number(minute) - offset) * 60 + Number(second)
  const micros = days * microsPerDay + BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
  return micros >= firstInstant && micros <= lastInstant ? micros : undefined
}

export function readDate(text: string): bigint | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  const days = match ? dayNumber(Number(match[1]), Number(match[2]), Number(match[3])) : undefined
  const within = days !== undefined && days * microsPerDay >= firstInstant && days * microsPerDay <= lastInstant
  return within ? days : undefined
}

export function dayNumber(year: number, month: number, day: number): bigint | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  if (year < 1000) return undefined
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? BigInt(date.getTime() / 86_400_000) : undefined
}

export function dateOfDays(days: bigint): Date {
  return new Date(Number(days) * 86_400_000)
}

/** Days of an instant, also before 1970. */
export function daysOf(micros: bigint): bigint {
  return (micros - floorModulo(micros, microsPerDay)) / microsPerDay
}

export function floorModulo(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by
}

/** As the engine writes it: `2026-01-31 12:00:00.000000`. */
export function writeTimestamp(micros: bigint): string {
  const inDay = floorModulo(micros, microsPerDay)
  const seconds = Number(inDay / 1_000_000n)
  const two = (part: number): string => String(part).padStart(2, '0')
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${writeDate(daysOf(micros))} ${clock}.${String(inDay % 1_000_000n).padStart(6, '0')}`
}

export function writeDate(days: bigint): string {
  return dateOfDays(days).toISOString().slice(0, 10)
}
