/**
 * The expression language of metrics, filters and pipeline maps: `amount * quantity`,
 * `status != 'cancelled' and amount > 10`, `case when country in ('DE', 'AT') then 'near' else 'far' end`.
 *
 * ```ts
 * const parsed = parseExpression("status != 'cancelled' and amount > 10")
 * if ('problems' in parsed) throw new Error(parsed.problems[0]!.message)
 * const scope = scopeOf([
 *   { name: 'status', type: 'string', nullable: true },
 *   { name: 'amount', type: 'decimal(18,2)', nullable: false },
 * ])
 * const { type, problems } = checkExpression(parsed.expression, scope, { expect: 'condition' })
 * type // 'boolean'
 * problems // []
 * const { sql } = compileExpression(parsed.expression, scope)
 * sql // "((`status` != 'cancelled') and (`amount` > toDecimal64('10', 2)))"
 * evaluateExpression(parsed.expression, scope, { status: 'paid', amount: '12.50' }) // true
 * ```
 *
 * What it promises:
 * - **Null is unknown** (SQL's three-valued logic), and **what cannot be computed is null**: division
 *   by zero, an integer beyond 64 bits, a cast of text that does not fit, a result that is not finite.
 *   A cast of text gives dates and timestamps of the years 1900 to 2299 only.
 *   Nothing an expression does to a row can make a query fail.
 * - **Exact stays exact.** `0.1` is a decimal of its digits. `+ - *` of integers and decimals are exact;
 *   where a `number` takes part the result is a `number`. `/` always gives a `number`.
 * - **Safe in the engine.** Only the functions in `functions` exist, names are quoted, constants escaped.
 * - Times are UTC. Text constants beside a timestamp or date are read as one when the expression is checked.
 */
import { withArticle } from '../with-article.ts'
import type { ColumnType } from '#core/dataset'
import type { Problem } from '#core/errors'
import { bind, isCondition } from './bind.ts'
import type { Bound, Row } from './bound.ts'
import { expressionErrors } from './errors.ts'
import { parse, sizeProblem } from './parser.ts'
import { printExpression } from './print.ts'
import { writeValue, type Field } from './rows.ts'
import type { Scope } from './scope.ts'
import type { Expression } from './tree.ts'

export type { Expression } from './tree.ts'
export type { Field } from './rows.ts'
export type { Row } from './bound.ts'
export type { FunctionSpec } from './function-spec.ts'
export { columnsOf, movedUnder } from './tree.ts'
export { digitsOfType, literalOf } from './literals.ts'
export { expressionErrors } from './errors.ts'
export { functions } from './functions.ts'
export { printExpression } from './print.ts'
export { firstInstant, lastInstant, microsPerDay, readDate, readTimestamp } from './times.ts'
export { scopeOf, type Scope, type ScopeColumn } from './scope.ts'

export function parseExpression(
  text: string,
): { readonly expression: Expression } | { readonly problems: readonly Problem[] } {
  return parse(text)
}

export interface Checked {
  readonly type: ColumnType
  readonly nullable: boolean
  readonly problems: readonly Problem[]
}

/** `expect: 'condition'` for a filter, `'numeric'` for a measure that adds up. */
export interface Expectation {
  readonly expect?: 'condition' | 'numeric'
}

/** All problems with their places; type and nullability count only when there are none. */
export function checkExpression(expression: Expression, scope: Scope, { expect }: Expectation = {}): Checked {
  const { bound, problems } = bindExpression(expression, scope)
  const type = columnType(bound)
  if (bound && expect === 'condition' && !isCondition(bound.type)) {
    problems.push({
      at: expression.at,
      code: 'not_a_condition',
      message: `a filter is a condition, true or false, and this is ${withArticle(type)}`,
    })
  }
  if (bound && expect === 'numeric' && !(type === 'integer' || type === 'number' || type.startsWith('decimal'))) {
    problems.push({
      at: expression.at,
      code: 'not_a_number',
      message: `this needs a number, and the expression is ${withArticle(type)}`,
    })
  }
  return { type, nullable: bound?.nullable ?? true, problems }
}

export interface Compiled {
  readonly sql: string
  readonly type: ColumnType
  readonly nullable: boolean
}

/** Engine SQL; throws `expression.invalid` with its problems. The SQL is in brackets wherever that matters. */
export function compileExpression(expression: Expression, scope: Scope): Compiled {
  const bound = requireBound(expression, scope)
  const type = columnType(bound)
  const plain = expression.kind === 'column' || expression.kind === 'literal'
  if (type === 'number' && !plain)
    return { sql: `if(isFinite(${bound.sql}), ${bound.sql}, NULL)`, type, nullable: true }
  return { sql: bound.sql, type, nullable: bound.nullable }
}

/** Evaluates the expression for one row in its JSON form; tests compare the engine's results with it. */
export function evaluateExpression(expression: Expression, scope: Scope, row: Row): Field {
  const bound = requireBound(expression, scope)
  return writeValue(columnType(bound), bound.value(row))
}

/** Puts the place of the whole in front of places inside an expression: `measure.expression` and `12` make `measure.expression:12`. */
export function placedUnder(base: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({
    ...problem,
    at: [base, problem.at].filter((part) => part !== '').join(/^\d+$/.test(problem.at) ? ':' : '.'),
  }))
}

function bindExpression(expression: Expression, scope: Scope): { bound: Bound | undefined; problems: Problem[] } {
  const size = sizeProblem(expression)
  if (size) return { bound: undefined, problems: [size] }
  const problems: Problem[] = []
  const bound = bind(expression, scope, problems)
  if (bound && bound.sql.length > 200_000)
    problems.push({
      at: expression.at,
      code: 'too_large',
      message: 'the expression is too large for the engine; make it simpler',
    })
  return { bound, problems }
}

function requireBound(expression: Expression, scope: Scope): Bound {
  const { bound, problems } = bindExpression(expression, scope)
  if (bound && problems.length === 0) return bound
  throw expressionErrors.invalid({ text: printExpression(expression).slice(0, 200) }, { problems })
}

function columnType(bound: Bound | undefined): ColumnType {
  return bound === undefined || bound.type === 'null' ? 'string' : bound.type
}
