/** A question held against its metric: every problem of it, or the plan that answers it. */
import type { Problem } from '#core/errors'
import { placedUnder } from '#core/expression'
import type { Filter } from '#core/filter'
import { findZone, periodOf, previousPeriod, type Period, type Zone } from '#core/period'
import type { CellsTable } from '../cells/cells.ts'
import { dimensionProblems, type CompiledMetric } from '../definition/compile.ts'
import { metricErrors } from '../errors.ts'
import type { ValuesQuestion } from '../index.ts'
import { compileCondition } from '../definition/measure-parts.ts'
import { planPeriods } from './period-plan.ts'
import { cellsScope, type QuestionPlan } from './question-sql.ts'

export const maxPoints = 50_000

export interface PlannedQuestion {
  readonly plan: QuestionPlan
  /** With one more in front when they are compared. */
  readonly periods: readonly Period[]
  readonly zone: Zone
  readonly compared: boolean
}

export function planQuestion(
  metric: CompiledMetric,
  question: ValuesQuestion,
  cells: CellsTable | undefined,
): PlannedQuestion {
  const { period, from, to } = question
  const zone = findZone(question.zone ?? 'UTC')
  const by = [...new Set(question.by ?? [])]
  const filter = question.filter === undefined ? undefined : compileCondition(question.filter as Filter, metric.scope)
  const problems: Problem[] = [
    ...(zone
      ? []
      : [
          {
            at: 'zone',
            code: 'unknown_zone',
            message: `"${question.zone}" is not a time zone; use a name such as "Europe/Rome".`,
          },
        ]),
    ...(from < to
      ? []
      : [{ at: 'to', code: 'empty_range', message: 'A range is [from, to): "to" has to come after "from".' }]),
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

  const compared = question.compare === 'previous'
  const begin = compared ? previousPeriod(periodOf(from, period, zone), period, zone).start : from
  const planned = planPeriods(begin, to, period, zone, metric.byDate, maxPoints)
  if (!planned) throw metricErrors.too_many_points({ code: question.code, most: maxPoints })

  const { periods, edges, unit, grain } = planned
  const folded = new Set(metric.dimensions.map(({ name }) => name))
  const fits =
    cells !== undefined && grain !== undefined && [...by, ...(filter?.columns ?? [])].every((name) => folded.has(name))
  const plan: QuestionPlan = {
    metric,
    edges,
    unit,
    by,
    filter: filter?.sql,
    cells: fits
      ? { table: cells, grain, filter: filter && compileCondition(question.filter as Filter, cellsScope(metric)).sql }
      : undefined,
  }
  return { plan, periods, zone, compared }
}
