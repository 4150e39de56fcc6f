/** A question as it comes in an address or a body, with what it leaves out filled in. */
import type { z } from 'zod'
import { filterOfText } from '#core/filter-text'
import { findZone, periodOf, startOfLocalDay, type PeriodName, type Zone } from '#core/period'
import type { KpiQuestion, ValuesQuery } from '../contract.ts'
import { metricErrors } from '../errors.ts'
import type { ValuesQuestion } from '../index.ts'

const minute = 60_000
const day = 86_400_000
const usualStretch: Readonly<Record<PeriodName, number>> = {
  minute: 60 * minute,
  hour: 2 * day,
  day: 30 * day,
  week: 26 * 7 * day,
  month: 730 * day,
  quarter: 1096 * day,
  year: 10 * 366 * day,
}

export function readQuestion(
  given: z.output<typeof KpiQuestion> | (z.output<typeof ValuesQuery> & { code: string }),
  now: number,
): ValuesQuestion {
  const { code, period, zone: zoneName, fill, compare } = given
  const zone = findZone(zoneName ?? 'UTC')
  if (!zone)
    throw metricErrors.bad_question(
      { code },
      {
        problems: [
          {
            at: 'zone',
            code: 'unknown_zone',
            message: `"${zoneName}" is not a time zone; use a name such as "Europe/Rome".`,
          },
        ],
      },
    )
  const to = given.to === undefined ? now + 1 : instant(given.to, zone)
  const from =
    given.from === undefined ? periodOf(to - 1 - usualStretch[period], period, zone).end : instant(given.from, zone)
  const by =
    typeof given.by === 'string'
      ? given.by
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '')
      : given.by
  return {
    code,
    period,
    from,
    to,
    zone: zone.name,
    ...(by && { by }),
    ...(given.filter !== undefined && {
      filter: typeof given.filter === 'string' ? filterOfText(given.filter) : given.filter,
    }),
    ...(fill && { fill }),
    ...(compare !== undefined && { compare: comparisonOf(compare, zone) }),
    ...(to >= now && { extent: true }),
  }
}

function comparisonOf(text: string, zone: Zone): NonNullable<ValuesQuestion['compare']> {
  if (text === 'previous') return text
  const [from = '', to = ''] = text.split('..')
  return { from: instant(from, zone), to: instant(to, zone) }
}

function instant(text: string, zone: Zone): number {
  return text.length === 10 ? startOfLocalDay(text, zone) : Date.parse(text)
}
