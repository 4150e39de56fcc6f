import { withArticle } from '../with-article.ts'
import { derived, widen, type Bound, type Value } from './bound.ts'
import type { FunctionSpec } from './function-spec.ts'
import { dateOfDays, dayNumber, daysOf, floorModulo, microsPerDay } from './times.ts'

const isTime = (part: Bound): boolean => part.type === 'timestamp' || part.type === 'date' || part.type === 'null'

function asInstant(part: Bound, usage: string): Bound | string {
  if (!isTime(part)) return `${usage} needs a timestamp or date, and this is ${withArticle(part.type)}`
  return widen(part, 'timestamp')
}

/** One number out of an instant, in UTC. */
function datePart(
  name: string,
  about: string,
  sql: string,
  value: (date: Date, inDay: bigint) => number,
): FunctionSpec {
  const usage = `${name}(time)`
  return {
    usage,
    about,
    arity: [1, 1],
    bind: ([part]) => {
      const instant = asInstant(part!, usage)
      if (typeof instant === 'string') return instant
      return derived('integer', [instant], `toInt64(${sql}(${instant.sql}))`, (micros) => {
        const at = micros as bigint
        return BigInt(value(dateOfDays(daysOf(at)), floorModulo(at, microsPerDay) / 1_000_000n))
      })
    },
  }
}

const weekday = (date: Date): number => ((date.getUTCDay() + 6) % 7) + 1

const units: Readonly<
  Record<string, { readonly sql: (instant: string) => string; readonly value: (micros: bigint) => bigint }>
> = {
  second: clockUnit(1_000_000n),
  minute: clockUnit(60_000_000n),
  hour: clockUnit(3_600_000_000n),
  day: calendarUnit(
    (x) => `toDate32(${x})`,
    (date) => date,
  ),
  week: calendarUnit(
    (x) => `addDays(toDate32(${x}), 1 - toInt16(toDayOfWeek(${x})))`,
    (date) => new Date(date.getTime() - (weekday(date) - 1) * 86_400_000),
  ),
  month: calendarUnit(
    (x) => `makeDate32(toYear(${x}), toMonth(${x}), 1)`,
    (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)),
  ),
  quarter: calendarUnit(
    (x) => `makeDate32(toYear(${x}), toQuarter(${x}) * 3 - 2, 1)`,
    (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - (date.getUTCMonth() % 3), 1)),
  ),
  year: calendarUnit(
    (x) => `makeDate32(toYear(${x}), 1, 1)`,
    (date) => new Date(Date.UTC(date.getUTCFullYear(), 0, 1)),
  ),
}

function clockUnit(micros: bigint): (typeof units)[string] {
  return {
    sql: (x) =>
      `fromUnixTimestamp64Micro(toUnixTimestamp64Micro(${x}) - positiveModulo(toUnixTimestamp64Micro(${x}), ${micros}), 'UTC')`,
    value: (at) => at - floorModulo(at, micros),
  }
}

function calendarUnit(sql: (instant: string) => string, value: (date: Date) => Date): (typeof units)[string] {
  return {
    sql: (x) => `toDateTime64(${sql(x)}, 6, 'UTC')`,
    value: (at) => {
      const date = value(dateOfDays(daysOf(at)))
      return dayNumber(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())! * microsPerDay
    },
  }
}

export const timeFunctions: Readonly<Record<string, FunctionSpec>> = {
  year: datePart('year', 'The year, in UTC.', 'toYear', (date) => date.getUTCFullYear()),
  quarter: datePart(
    'quarter',
    'The quarter, 1 to 4, in UTC.',
    'toQuarter',
    (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  ),
  month: datePart('month', 'The month, 1 to 12, in UTC.', 'toMonth', (date) => date.getUTCMonth() + 1),
  day: datePart('day', 'The day of the month, in UTC.', 'toDayOfMonth', (date) => date.getUTCDate()),
  weekday: datePart('weekday', 'The day of the week, 1 (Monday) to 7, in UTC.', 'toDayOfWeek', weekday),
  hour: datePart('hour', 'The hour, 0 to 23, in UTC.', 'toHour', (_, inDay) => Number(inDay / 3600n)),
  minute: datePart('minute', 'The minute, 0 to 59.', 'toMinute', (_, inDay) => Number((inDay / 60n) % 60n)),
  date_trunc: {
    usage: "date_trunc('unit', time)",
    about: `The beginning of the ${Object.keys(units).join(', ')} it lies in, in UTC; weeks begin on Monday.`,
    arity: [2, 2],
    bind: ([name, part]) => {
      const unit = name!.literal?.type === 'string' ? units[name!.literal.text.toLowerCase()] : undefined
      if (!unit)
        return `the unit of date_trunc is one of ${Object.keys(units)
          .map((known) => `'${known}'`)
          .join(', ')}`
      const instant = asInstant(part!, 'date_trunc')
      if (typeof instant === 'string') return instant
      return derived(
        'timestamp',
        [instant],
        unit.sql(instant.sql),
        (micros) => unit.value(micros as bigint) satisfies Value,
      )
    },
  },
  seconds_between: {
    usage: 'seconds_between(from, to)',
    about: 'The seconds from one instant to another, as a number with a fraction.',
    arity: [2, 2],
    bind: ([one, other]) => {
      const [from, to] = [asInstant(one!, 'seconds_between'), asInstant(other!, 'seconds_between')]
      if (typeof from === 'string') return from
      if (typeof to === 'string') return to
      const sql = `(toFloat64(toUnixTimestamp64Micro(${to.sql}) - toUnixTimestamp64Micro(${from.sql})) / 1000000.)`
      return derived('number', [from, to], sql, (a, b) => Number((b as bigint) - (a as bigint)) / 1e6)
    },
  },
}
