import type { Problem } from '#core/errors'
import { Filter } from '#core/filter'
import { withSuggestion } from '#core/nearest'
import { filterOfText } from '#core/filter-text'
import { findZone, periodNames, type PeriodName } from '#core/period'
import type { Reader } from '#modules/datasets'
import { metricErrors } from '#modules/metrics'

/** One line of numbers that stays current. */
export interface LiveSeries {
  readonly code: string
  readonly period: PeriodName
  readonly zone: string
  readonly by: readonly string[]
  readonly filter?: Filter | undefined
  /** Marks the points of a tile that could be mixed up with another's. */
  readonly tile?: number
}

/** What one socket shows. Equal questions of readers with equal rights share one publisher. */
export interface LiveQuestion {
  /** Whoever watches sees what this reader may see. */
  readonly reader: Reader
  readonly series: readonly LiveSeries[]
}

/** Where a client stood when its connection broke. */
export interface Resume {
  readonly epoch: string
  readonly offset: number
}

export function keyOfSeries(series: LiveSeries): string {
  return JSON.stringify([
    series.code,
    series.period,
    series.zone,
    series.by.toSorted(),
    series.filter ?? null,
    series.tile ?? null,
  ])
}

export function keyOfQuestion({ reader, series }: LiveQuestion): string {
  return JSON.stringify([reader.workspace, reader.digest, ...series.map(keyOfSeries).toSorted()])
}

/** The part of an address that is the same for one metric and for a dashboard. */
export interface LiveWish {
  readonly period: PeriodName | undefined
  readonly zone: string
  readonly by: readonly string[] | undefined
  readonly filter: Filter | undefined
  readonly resume: Resume | undefined
}

const parameters = ['period', 'zone', 'by', 'filter', 'epoch', 'offset']

/** Reads `period`, `zone`, `by`, `filter`, `epoch` and `offset`, of which an empty one is not given; rejects with every problem. `about` is what the address names. */
export function readWish(query: URLSearchParams, about: string): LiveWish {
  const problems: Problem[] = []
  for (const name of query.keys()) {
    if (parameters.includes(name) || name.startsWith('_')) continue
    const sentence = `There is no parameter "${name.slice(0, 50)}" here; there are ${parameters.join(', ')}.`
    problems.push({ at: 'query', code: 'unknown_parameter', ...withSuggestion(sentence, name, parameters) })
  }
  const period = query.get('period') || undefined
  if (period !== undefined && !periodNames.includes(period as PeriodName)) {
    problems.push({
      at: 'period',
      code: 'unknown_period',
      message: `"${period.slice(0, 50)}" is not a period; use one of ${periodNames.join(', ')}.`,
    })
  }
  const zone = query.get('zone') || 'UTC'
  if (zone.length > 64 || !findZone(zone))
    problems.push({
      at: 'zone',
      code: 'unknown_zone',
      message: `"${zone.slice(0, 64)}" is not a time zone; use a name such as "Europe/Rome".`,
    })
  const by = query
    .get('by')
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (by !== undefined && by.length > 16)
    problems.push({ at: 'by', code: 'too_many', message: 'At most 16 columns to group by.' })
  const filter = readFilter(query.get('filter'), problems)
  if (problems.length > 0) throw metricErrors.bad_question({ code: about }, { problems })
  const offset = Number(query.get('offset') || Number.NaN)
  const epoch = query.get('epoch') || undefined
  return {
    period: period as PeriodName | undefined,
    zone,
    by: by === undefined || by.length === 0 ? undefined : [...new Set(by)],
    filter,
    resume: epoch !== undefined && Number.isSafeInteger(offset) ? { epoch, offset } : undefined,
  }
}

function readFilter(text: string | null, problems: Problem[]): Filter | undefined {
  if (text === null || text.trim() === '') return undefined
  if (text.length > 10_000) {
    problems.push({ at: 'filter', code: 'too_long', message: 'A filter has at most 10,000 characters.' })
    return undefined
  }
  const parsed = Filter.safeParse(filterOfText(text))
  if (parsed.success) return parsed.data
  problems.push(
    ...parsed.error.issues.map((issue) => ({
      at: ['filter', ...issue.path].join('.'),
      code: 'bad_filter',
      message: issue.message,
    })),
  )
  return undefined
}
