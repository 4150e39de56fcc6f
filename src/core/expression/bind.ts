import { withArticle } from '../with-article.ts'
import type { Problem } from '#core/errors'
import { bindLiteral, type Bound, type BoundType } from './bound.ts'
import { bindCast } from './casts.ts'
import { bindChoice } from './functions-choice.ts'
import { functions } from './functions.ts'
import {
  bindArithmetic,
  bindComparison,
  bindLike,
  bindLogic,
  bindMembership,
  bindNegation,
  bindNot,
} from './operators.ts'
import { readValue } from './rows.ts'
import type { Scope } from './scope.ts'
import { withSuggestion } from '../nearest.ts'
import { childrenOf, type Call, type ColumnName, type Expression } from './tree.ts'
import { quoteName } from '#core/dataset'

/** Resolves names and types from the leaves up. A part with a problem is `undefined`, and the parts around it add no further problem. */
export function bind(expression: Expression, scope: Scope, problems: Problem[]): Bound | undefined {
  if (expression.kind === 'literal') return bindLiteral(expression)
  if (expression.kind === 'column') return bindColumn(expression, scope, problems)
  const parts = childrenOf(expression).map((child) => bind(child, scope, problems))
  if (expression.kind === 'call' && !functions.has(expression.name)) return unknownFunction(expression, problems)
  if (parts.includes(undefined)) return undefined
  const bound = combine(expression, parts as readonly Bound[])
  if (typeof bound !== 'string') return bound
  problems.push({ at: expression.at, code: 'type_mismatch', message: bound })
  return undefined
}

function bindColumn({ name, at }: ColumnName, scope: Scope, problems: Problem[]): Bound | undefined {
  const column = scope.columns.get(name)
  if (column) {
    const { type, nullable } = column
    return { type, nullable, sql: column.sql ?? quoteName(name), value: (row) => readValue(type, row[name]) }
  }
  const known = [...scope.columns.keys()]
  const choices =
    known.length === 0
      ? 'There are none here.'
      : `There are ${known.slice(0, 20).join(', ')}${known.length > 20 ? ' …' : '.'}`
  const said = withSuggestion(`There is no column "${name}".`, name, known, choices)
  problems.push({ at, code: 'unknown_column', ...said })
  return undefined
}

function unknownFunction({ name, at }: Call, problems: Problem[]): undefined {
  const known = [...functions.keys()]
  const said = withSuggestion(`There is no function "${name}".`, name, known, `There are ${known.join(', ')}.`)
  problems.push({ at, code: 'unknown_function', ...said })
  return undefined
}

/** Returns the sentence of the problem when the parts do not fit. */
function combine(
  expression: Exclude<Expression, { kind: 'literal' | 'column' }>,
  parts: readonly Bound[],
): Bound | string {
  const [first, second, third] = parts as readonly [Bound, Bound, Bound]
  switch (expression.kind) {
    case 'negation':
      return bindNegation(first)
    case 'arithmetic':
      return bindArithmetic(expression.operator, first, second)
    case 'comparison':
      return bindComparison(expression.operator, first, second)
    case 'logic':
      return needConditions(parts, expression.operator) ?? bindLogic(expression.operator, parts)
    case 'not':
      return needConditions(parts, 'not') ?? bindNot(first)
    case 'like':
      return bindLike(first, expression)
    case 'in':
      return bindMembership(first, parts.slice(1), expression.negated)
    case 'is_null': {
      const value: Bound['value'] = (row) => (first.value(row) === null) !== expression.negated
      return {
        type: 'boolean',
        nullable: false,
        sql: `(${first.sql} is ${expression.negated ? 'not ' : ''}null)`,
        value,
      }
    }
    case 'between': {
      const above = bindComparison('>=', first, second)
      const below = bindComparison('<=', first, third)
      if (typeof above === 'string') return above
      if (typeof below === 'string') return below
      const inside = bindLogic('and', [above, below])
      return expression.negated ? bindNot(inside) : inside
    }
    case 'cast':
      return bindCast(first, expression.type)
    case 'call': {
      const { arity, usage, bind: bindCall } = functions.get(expression.name)!
      return parts.length < arity[0] || parts.length > arity[1]
        ? `it is ${usage}, and here are ${parts.length} arguments`
        : bindCall(parts)
    }
    case 'case': {
      const rest = expression.subject ? parts.slice(1) : parts
      const count = expression.branches.length
      const conditions: Bound[] = []
      for (let index = 0; index < count; index += 1) {
        const when = rest[index * 2]!
        const condition = expression.subject ? bindComparison('=', first, when) : when
        if (typeof condition === 'string') return condition
        conditions.push(condition)
      }
      const answers = conditions.map((_, index) => rest[index * 2 + 1]!)
      return bindChoice(conditions, [
        ...answers,
        rest[count * 2] ?? bindLiteral({ kind: 'literal', at: expression.at, type: 'null', text: 'null' }),
      ])
    }
  }
}

function needConditions(parts: readonly Bound[], operator: string): string | undefined {
  const other = parts.find((part) => !isCondition(part.type))
  return other && `"${operator}" needs conditions, and one side is ${withArticle(other.type)}`
}

export function isCondition(type: BoundType): boolean {
  return type === 'boolean' || type === 'null'
}
