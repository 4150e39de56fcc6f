/** A question held against its metric: every problem of it, or the plan that answers it. */
import type { Problem } from '#core/errors'
import { placedUnder } from '#core/expression'
import type { Filter } from '#core/filter'
import { findZone, periodOf, previousPeriod, type Period, type PeriodName, type Zone } from '#core/period'
import type { ReadableCells } from '../cells/cells.ts'
import { dimensionProblems, type CompiledMetric } from '../definition/compile.ts'
import { metricErrors } from '../errors.ts'
import type { ValuesQuestion } from '../index.ts'
import { compileCondition } from '../definition/measure-parts.ts'
import { planPeriods } from './period-plan.ts'
import { cellsScope, type QuestionPlan } from './question-sql.ts'

export const maxPoints = 50_000

export interface PlannedQuestion {
  readonly plan: QuestionPlan
  /** With one more in front when each is compared with the one before it. */
  readonly periods: readonly Period[]
  readonly zone: Zone
  readonly base: Base | undefined
}

/** What the periods of a question are compared with. */
export interface Base {
  /** The number of the first period that is compared. */
  readonly first: number
  /** What reads the base; absent where the question's own plan does. */
  readonly plan: QuestionPlan | undefined
  readonly periodOf: (index: number) => Period | undefined
  /** The number, in the plan that reads the base, of what a period is compared with. */
  readonly indexOf: (index: number) => number
}

export function planQuestion(
  metric: CompiledMetric,
  question: ValuesQuestion,
  cells: ReadableCells | undefined,
): PlannedQuestion {
  const { period, from, to, compare } = question
  const zone = findZone(question.zone ?? 'UTC')
  const by = [...new Set(question.by ?? [])]
  const filter = question.filter === undefined ? undefined : compileCondition(question.filter as Filter, metric.scope)
  const range = compare === 'previous' ? undefined : compare
  const problems: Problem[] = [
    ...(zone ? [] : [unknownZone(question.zone)]),
    ...rangeProblems({ from, to }, period, zone, ''),
    ...(range ? rangeProblems(range, period, zone, 'compare') : []),
    ...(metric.byDate && (period === 'minute' || period === 'hour')
      ? [
          {
            at: 'period',
            code: 'period_too_short',
            message: `The time of "${question.code}" is a date, so its shortest period is a day.`,
          },
        ]
      : []),
    ...by.flatMap((name) => dimensionProblems(name, 'by', metric.scope)),
    ...placedUnder('filter', filter?.problems ?? []),
  ]
  if (problems.length > 0 || !zone) throw metricErrors.bad_question({ code: question.code }, { problems })

  const planned = (span: Period): { plan: QuestionPlan; periods: readonly Period[] } => {
    const result = planPeriods(span, period, zone, { byDate: metric.byDate, limit: maxPoints })
    if (!result) throw metricErrors.too_many_points({ code: question.code, max: maxPoints })
    const { periods, edges, unit, grain } = result
    const folded = new Set(metric.dimensions.map(({ name }) => name))
    const fits =
      cells !== undefined &&
      grain !== undefined &&
      [...by, ...(filter?.columns ?? [])].every((name) => folded.has(name))
    const overCells = fits && {
      table: cells.table,
      grain,
      filter: bothHold(filter && compileCondition(question.filter as Filter, cellsScope(metric)).sql, cells.rowFilter),
    }
    return { plan: { metric, edges, unit, by, filter: filter?.sql, cells: overCells || undefined }, periods }
  }
  if (compare === undefined) return { ...planned({ start: from, end: to }), zone, base: undefined }
  if (compare !== 'previous') {
    const { plan, periods } = planned({ start: compare.from, end: compare.to })
    const base: Base = { first: 0, plan, periodOf: (index) => periods[index], indexOf: (index) => index }
    return { ...planned({ start: from, end: to }), zone, base }
  }
  const whole = planned({ start: previousPeriod(periodOf(from, period, zone), period, zone).start, end: to })
  const { periods } = whole
  const base: Base = {
    first: 1,
    plan: undefined,
    periodOf: (index) => periods[index - 1],
    indexOf: (index) => index - 1,
  }
  return { ...whole, zone, base }
}

function bothHold(...conditions: readonly (string | undefined)[]): string | undefined {
  return conditions.filter((condition) => condition !== undefined).join(' AND ') || undefined
}

function unknownZone(name: string | undefined): Problem {
  return {
    at: 'zone',
    code: 'unknown_zone',
    message: `"${name}" is not a time zone; use a name such as "Europe/Rome".`,
  }
}

const earliest = Date.parse('0000-01-01T00:00:00Z')
const latest = Date.parse('9999-12-31T23:59:59.999Z')

function rangeProblems(
  { from, to }: { readonly from: number; readonly to: number },
  period: PeriodName,
  zone: Zone | undefined,
  at: '' | 'compare',
): Problem[] {
  if (from >= to)
    return [{ at: at || 'to', code: 'empty_range', message: 'A range is [from, to): "to" has to come after "from".' }]
  if (!zone) return []
  const message = `The periods of an answer lie within the years 0000 to 9999; a ${period} of this range does not.`
  const problem = (side: string): Problem => ({ at: at || side, code: 'out_of_range', message })
  return [
    ...(periodOf(from, period, zone).start < earliest ? [problem('from')] : []),
    ...(periodOf(to - 1, period, zone).end > latest ? [problem('to')] : []),
  ]
}
