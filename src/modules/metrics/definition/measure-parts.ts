/** The expressions and conditions inside a measure. */
import type { Problem } from '#core/errors'
import {
  checkExpression,
  columnsOf,
  compileExpression,
  parseExpression,
  placedUnder,
  type Expression,
  type Scope,
} from '#core/expression'
import { readFilter, type Filter } from '#core/filter'
import type { MeasurePart } from '#core/metric'
import type { Dataset } from '#modules/datasets'
import type { PartSource } from './measure.ts'

export type MeasurePath = 'measure' | 'measure.numerator' | 'measure.denominator'

/** Sums keep 18 digits to spare, so 58 is what a 76-digit sum can add up. */
const maxDigits = 58

export function checkPart(part: MeasurePart, place: MeasurePath, scope: Scope, dataset: Dataset): readonly Problem[] {
  const filterProblems =
    part.filter === undefined ? [] : placedUnder(`${place}.filter`, compileCondition(part.filter, scope).problems)
  if (part.type === 'count') return filterProblems
  const at = `${place}.expression`
  const parsed = parseExpression(part.expression)
  if ('problems' in parsed) return [...placedUnder(at, parsed.problems), ...filterProblems]
  const aggregate = /^\s*(avg|average|mean|sum|median|percentile)\s*\(/i.exec(part.expression)?.[1]
  if (aggregate !== undefined) return [aggregateProblem(aggregate, part.type, at), ...filterProblems]
  const checked = checkExpression(parsed.expression, scope, part.type === 'distinct' ? {} : { expect: 'numeric' })
  const own =
    checked.problems.length > 0
      ? placedUnder(at, checked.problems)
      : [...taggedProblems(part, parsed.expression, at, dataset), ...wideProblems(part, checked.type, at)]
  return [...own, ...filterProblems]
}

/** The part's value for a row: null where its filter does not hold or the number is none. */
export function compilePartSource(part: MeasurePart, scope: Scope): PartSource {
  const { sql, type } = part.type === 'count' ? { sql: '1', type: 'integer' as const } : finite(part.expression, scope)
  if (part.filter === undefined) return { sql, type }
  return { sql: `if(${compileCondition(part.filter, scope).sql}, ${sql}, NULL)`, type }
}

/** What an expression computes is finite or null; a stored column may hold anything. */
function finite(text: string, scope: Scope): PartSource {
  const expression = parsedOrThrow(text)
  const { sql, type } = compileExpression(expression, scope)
  return { sql: type === 'number' && expression.kind === 'column' ? `if(isFinite(${sql}), ${sql}, NULL)` : sql, type }
}

/** Null counts as not fulfilled. */
export function compileCondition(
  filter: Filter,
  scope: Scope,
): { sql: string; problems: readonly Problem[]; columns: readonly string[] } {
  const read = readFilter(filter)
  if ('problems' in read) return { sql: '0', problems: read.problems, columns: [] }
  const { problems } = checkExpression(read.expression, scope, { expect: 'condition' })
  if (problems.length > 0) return { sql: '0', problems, columns: [] }
  const { sql, nullable } = compileExpression(read.expression, scope)
  return { sql: nullable ? `ifNull(${sql}, 0)` : `(${sql})`, problems: [], columns: columnsOf(read.expression) }
}

function parsedOrThrow(text: string): Expression {
  const parsed = parseExpression(text)
  if ('problems' in parsed) throw new Error(`The expression "${text}" was checked and does not parse.`)
  return parsed.expression
}

function aggregateProblem(name: string, type: string, at: string): Problem {
  const averages = type === 'avg' || /^(avg|average|mean)$/i.test(name)
  return {
    at,
    code: averages ? 'average_of_averages' : 'aggregate_in_expression',
    message: averages
      ? `An average of averages weighs groups as if they were of one size. Write the value of one row; the measure averages it once, or use a ratio of two sums.`
      : `"${name}" adds up many rows, and the expression of a measure stands for one row. Leave "${name}(…)" out; the measure does it.`,
  }
}

/** Columns say by a tag that they hold averages or balances already. */
function taggedProblems(part: MeasurePart, expression: Expression, at: string, dataset: Dataset): readonly Problem[] {
  const tagged = (tags: readonly string[]) =>
    columnsOf(expression).filter((name) =>
      dataset.columns.some((column) => column.name === name && column.tags.some((tag) => tags.includes(tag))),
    )
  const averages = part.type === 'avg' || part.type === 'sum' ? tagged(['average', 'ratio']) : []
  const balances = part.type === 'sum' ? tagged(['balance']) : []
  return [
    ...averages.map((name) => ({
      at,
      code: 'average_of_averages',
      message: `The column "${name}" is tagged as an average or ratio already; average or sum what it was made of, as a ratio of two sums.`,
    })),
    ...balances.map((name) => ({
      at,
      code: 'sum_of_balances',
      message: `The column "${name}" is tagged as a balance, which does not add up over time; use avg, min or max.`,
    })),
  ]
}

function wideProblems(part: MeasurePart, type: string, at: string): readonly Problem[] {
  const digits = Number(/^decimal\((\d+),/.exec(type)?.[1] ?? 0)
  if ((part.type !== 'sum' && part.type !== 'avg') || digits <= maxDigits) return []
  return [
    {
      at,
      code: 'too_wide',
      message: `A sum of ${type} could overflow; cast the expression to a decimal of at most ${maxDigits} digits or to number.`,
    },
  ]
}
