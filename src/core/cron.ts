import { CronExpressionParser } from 'cron-parser'

/**
 * The first time after `after` that a five-field cron expression names in a zone, in milliseconds.
 * A time that the clocks jump over comes as much later as they jump; one that they tell twice comes
 * once, the first time. Throws for an expression that is none, and says which of its fields is wrong.
 *
 * ```ts
 * const next = nextTime('30 2 * * *', 'Europe/Berlin', Date.parse('2026-03-28T12:00Z'))
 * new Date(next).toISOString() // '2026-03-29T01:30:00.000Z'
 * ```
 */
export function nextTime(cron: string, zone: string, after: number): number {
  if (/(^|[\s,])H/i.test(cron))
    throw new Error('"H" stands for a time of chance, which is another each time it is asked')
  try {
    return parsedTime(cron, zone, after)
  } catch (error) {
    throw new Error(fieldFault(cron, after) ?? String((error as Error).message), { cause: error })
  }
}

function parsedTime(cron: string, zone: string, after: number): number {
  return CronExpressionParser.parse(cron, { currentDate: new Date(after), tz: zone })
    .next()
    .getTime()
}

const cronFields = [
  { name: 'minute', is: '0–59, such as "30", "*/15" or, from low to high, "10-20"' },
  { name: 'hour', is: '0–23, such as "6", "*/6" or, from low to high, "8-18"' },
  { name: 'day of month', is: '1–31, such as "1", "1,15" or, from low to high, "1-7"' },
  { name: 'month', is: '1–12 or JAN–DEC, such as "1", "*/3" or, from low to high, "JAN-MAR"' },
  { name: 'day of week', is: '0–7 or SUN–SAT (0 and 7 are Sunday), such as "1" or, from low to high, "MON-FRI"' },
]

/** Each field is parsed by itself, because the parser does not say which one it means. */
function fieldFault(cron: string, after: number): string | undefined {
  const given = cron.trim().split(/\s+/)
  const isWrong = (...places: readonly number[]): boolean => {
    try {
      parsedTime(cronFields.map((_, place) => (places.includes(place) ? given[place] : '*')).join(' '), 'UTC', after)
      return false
    } catch {
      return true
    }
  }
  for (const [place, { name, is }] of cronFields.entries())
    if (isWrong(place)) return `the ${name} cannot be "${given[place]!.slice(0, 60)}"; it is ${is}`
  return isWrong(2, 3) ? `the day of month "${given[2]}" never comes in the month "${given[3]}"` : undefined
}
