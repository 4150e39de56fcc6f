import { CronExpressionParser } from 'cron-parser'

/**
 * The first time after `after` that a five-field cron expression names in a zone, in milliseconds.
 * A time that the clocks jump over comes as much later as they jump; one that they tell twice comes
 * once, the first time. Throws for an expression that is none.
 *
 * ```ts
 * const next = nextTime('30 2 * * *', 'Europe/Berlin', Date.parse('2026-03-28T12:00Z'))
 * new Date(next).toISOString() // '2026-03-29T01:30:00.000Z'
 * ```
 */
export function nextTime(cron: string, zone: string, after: number): number {
  if (/(^|[\s,])H/i.test(cron))
    throw new Error('"H" stands for a time of chance, which is another each time it is asked')
  return CronExpressionParser.parse(cron, { currentDate: new Date(after), tz: zone })
    .next()
    .getTime()
}
