import { withArticle } from '../with-article.ts'
import {
  bindLiteral,
  compareText,
  decimalSql,
  derived,
  derivedOrNull,
  digitsOfBound,
  inInt64,
  isNumeric,
  readText,
  widen,
  widthOf,
  type Bound,
  type BoundType,
  type Value,
} from './bound.ts'
import { sqlString } from '../sql-text.ts'
import { decimalType, digitsOfType, readNumber, type Digits } from './literals.ts'
import type { ColumnType } from '#core/dataset'
import type { Arithmetic, ComparisonOperator, Like } from './tree.ts'

/** What an operator returns when it does not fit its operands: the sentence of the problem. */
export type Misfit = string

/** `+ - *` of integers stay integers, of decimals stay exact; `/` always gives a number; what cannot be computed is null. */
export function bindArithmetic(operator: Arithmetic['operator'], left: Bound, right: Bound): Bound | Misfit {
  for (const side of [left, right]) {
    if (side.type !== 'null' && !isNumeric(side.type)) {
      return `"${operator}" needs numbers, and this is ${withArticle(side.type)}${operator === '+' && side.type === 'string' ? '; texts are joined with concat(a, b)' : ''}`
    }
  }
  if (operator === '/') return divided(left, right)
  if (operator === '%') return remainder(left, right)
  const types = [left.type, right.type]
  if (types.includes('number')) return float(operator, left, right)
  const [a, b] = [orInteger(left), orInteger(right)]
  return a.type === 'integer' && b.type === 'integer' ? integer(operator, a, b) : decimal(operator, a, b)
}

function orInteger(part: Bound): Bound {
  return part.type === 'null' ? widen(part, 'integer') : part
}

const exactly = {
  '+': (a: bigint, b: bigint) => a + b,
  '-': (a: bigint, b: bigint) => a - b,
  '*': (a: bigint, b: bigint) => a * b,
  '%': (a: bigint, b: bigint) => a % b,
}

function integer(operator: '+' | '-' | '*', left: Bound, right: Bound): Bound {
  const sql = `accurateCastOrNull(toInt128(${left.sql}) ${operator} ${right.sql}, 'Int64')`
  return derivedOrNull('integer', [left, right], sql, (a, b) => inInt64(exactly[operator](a as bigint, b as bigint)))
}

function decimal(operator: '+' | '-' | '*', left: Bound, right: Bound): Bound | Misfit {
  const [a, b] = [digitsOfBound(left)!, digitsOfBound(right)!]
  if (operator === '*') {
    const digits = { precision: a.precision + b.precision, scale: a.scale + b.scale }
    if (digits.precision > 76)
      return `the exact product needs ${digits.precision} digits, and 76 is the most there is; cast one side to a smaller decimal or to number`
    const sql = `(${asDecimal(left, { precision: digits.precision, scale: a.scale })} * ${asDecimal(right, b)})`
    return derived(decimalType(digits), [left, right], sql, (x, y) => (x as bigint) * (y as bigint))
  }
  const common = joined([a, b])
  if (common === undefined)
    return 'the exact result needs more than 76 digits; cast one side to a smaller decimal or to number'
  const digits = { precision: Math.min(76, common.precision + 1), scale: common.scale }
  const [x, y] = [widen(left, decimalType(common)), widen(right, decimalType(common))]
  const sql = `(${asDecimal(x, digits)} ${operator} ${y.sql})`
  return derived(decimalType(digits), [x, y], sql, (one, other) => exactly[operator](one as bigint, other as bigint))
}

/** The part as the engine's decimal of at least this width, at the scale it has. */
function asDecimal(part: Bound, digits: Digits): string {
  const own = digitsOfType(part.type as ColumnType)!
  return part.type !== 'integer' && widthOf(own.precision) >= widthOf(digits.precision)
    ? part.sql
    : decimalSql(part.sql, digits)
}

function float(operator: '+' | '-' | '*', left: Bound, right: Bound): Bound {
  const [a, b] = [widen(left, 'number'), widen(right, 'number')]
  return derived('number', [a, b], `(${a.sql} ${operator} ${b.sql})`, (x, y) =>
    floating[operator](x as number, y as number),
  )
}
const floating = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
}

function divided(left: Bound, right: Bound): Bound {
  const [a, b] = [widen(left, 'number'), widen(right, 'number')]
  return derivedOrNull('number', [a, b], `(${a.sql} / nullIf(${b.sql}, 0))`, (x, y) =>
    y === 0 ? null : (x as number) / (y as number),
  )
}

function remainder(left: Bound, right: Bound): Bound | Misfit {
  const types = [left.type, right.type]
  if (types.some((type) => type.startsWith('decimal')))
    return '"%" is not there for decimals; cast to integer or number first'
  if (types.includes('number')) {
    const [a, b] = [widen(left, 'number'), widen(right, 'number')]
    return derivedOrNull('number', [a, b], `(${a.sql} % nullIf(${b.sql}, 0))`, (x, y) =>
      y === 0 ? null : (x as number) % (y as number),
    )
  }
  const [a, b] = [orInteger(left), orInteger(right)]
  return derivedOrNull('integer', [a, b], `toInt64(toInt128(${a.sql}) % nullIf(${b.sql}, 0))`, (x, y) =>
    y === 0n ? null : (x as bigint) % (y as bigint),
  )
}

export function bindNegation(part: Bound): Bound | Misfit {
  if (part.type === 'null') return part
  if (!isNumeric(part.type)) return `"-" needs a number, and this is ${withArticle(part.type)}`
  if (part.type === 'integer')
    return derivedOrNull('integer', [part], `accurateCastOrNull(-toInt128(${part.sql}), 'Int64')`, (value) =>
      inInt64(-(value as bigint)),
    )
  return derived(part.type, [part], `(-${part.sql})`, (value) =>
    typeof value === 'number' ? -value : -(value as bigint),
  )
}

/** Takes parts to the one type that holds them all; a text constant beside a time becomes a time. */
export function unify(given: readonly Bound[]): { type: BoundType; parts: readonly Bound[] } | Misfit {
  const parts = withNumbersRead(given)
  const type = commonType(parts)
  if (type === undefined) return `${listed(parts)} do not go together`
  if (type === 'null') return { type, parts }
  for (const part of parts) {
    if (part.literal?.type === 'string' && part.type !== type && readText(part.literal, type) === undefined) {
      return `'${part.literal.text}' is not ${withArticle(type)}; write it as ${type === 'date' ? "'2026-01-31'" : "'2026-01-31T12:00:00Z'"}`
    }
  }
  return { type, parts: parts.map((part) => widen(part, type)) }
}

/** A text constant that is a number, beside numbers, is meant as one: decimals of JSON are written so. */
function withNumbersRead(parts: readonly Bound[]): readonly Bound[] {
  if (!parts.some((part) => isNumeric(part.type))) return parts
  return parts.map((part) => {
    const number =
      part.literal?.type === 'string' && /^-?\d+(\.\d+)?$/.test(part.literal.text)
        ? readNumber(part.literal.text, part.literal.at)
        : ''
    return typeof number === 'string' ? part : bindLiteral(number)
  })
}

function commonType(parts: readonly Bound[]): BoundType | undefined {
  const typed = parts.filter((part) => part.type !== 'null')
  const types = new Set(typed.map((part) => part.type))
  if (types.size === 0) return 'null'
  if (types.size === 1) return typed[0]!.type
  if (typed.every((part) => isNumeric(part.type))) {
    if (types.has('number')) return 'number'
    const digits = joined(typed.map((part) => digitsOfBound(part)!))
    return digits && decimalType(digits)
  }
  const time = types.has('timestamp') ? 'timestamp' : types.has('date') ? 'date' : undefined
  const fits = (part: Bound): boolean =>
    part.type === time || (part.type === 'date' && time === 'timestamp') || part.literal?.type === 'string'
  return time && typed.every(fits) ? time : undefined
}

/** Digits enough for each of them; `undefined` when that is more than there are. */
function joined(all: readonly Digits[]): Digits | undefined {
  const scale = Math.max(...all.map((digits) => digits.scale))
  const precision = Math.max(...all.map((digits) => digits.precision - digits.scale)) + scale
  return precision <= 76 ? { precision: Math.max(1, precision), scale } : undefined
}

function listed(parts: readonly Bound[]): string {
  const names = [...new Set(parts.filter((part) => part.type !== 'null').map((part) => part.type))]
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

export function bindComparison(operator: ComparisonOperator, left: Bound, right: Bound): Bound | Misfit {
  const pair = comparable(left, right)
  if (typeof pair === 'string') return pair
  const [a, b] = pair
  if (operator !== '=' && operator !== '!=' && a.type === 'boolean')
    return `"${operator}" has no meaning for booleans; use = or !=`
  return derived('boolean', [a, b], `(${a.sql} ${operator} ${b.sql})`, (x, y) => decided(operator, x, y))
}

function comparable(left: Bound, right: Bound): readonly [Bound, Bound] | Misfit {
  if (left.type === 'json' || right.type === 'json')
    return 'json is not compared as a whole; cast(… as string) compares its text'
  // The engine compares an integer with a floating-point number exactly; converting first would not be.
  const [a, b] = withNumbersRead([left, right]) as [Bound, Bound]
  const types = [a.type, b.type]
  if (types.includes('integer') && types.includes('number')) return [a, b]
  const united = unify([a, b])
  return typeof united === 'string' ? united : [united.parts[0]!, united.parts[1]!]
}

function decided(operator: ComparisonOperator, a: Exclude<Value, null>, b: Exclude<Value, null>): boolean {
  switch (operator) {
    case '=':
      // oxlint-disable-next-line eqeqeq -- an integer (bigint) may be compared with a number
      return a == b
    case '!=':
      // oxlint-disable-next-line eqeqeq
      return a != b
    default: {
      if (typeof a !== 'string') return { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[operator]
      const order = compareText(a, b as string)
      return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator]
    }
  }
}

/** Three-valued: `false and null` is false, `true or null` is true, everything else with a null is null. */
export function bindLogic(operator: 'and' | 'or', parts: readonly Bound[]): Bound {
  const deciding = operator === 'or'
  return {
    type: 'boolean',
    nullable: parts.some((part) => part.nullable),
    sql: `(${parts.map((part) => part.sql).join(` ${operator} `)})`,
    value: (row) => {
      const values = parts.map((part) => part.value(row))
      return values.includes(deciding) ? deciding : values.includes(null) ? null : !deciding
    },
  }
}

export function bindNot(part: Bound): Bound {
  return derived('boolean', [part], `(not ${part.sql})`, (value) => !value)
}

export function bindMembership(value: Bound, items: readonly Bound[], negated: boolean): Bound | Misfit {
  const tests: Bound[] = []
  for (const item of items) {
    const test = bindComparison('=', value, item)
    if (typeof test === 'string') return test
    tests.push(test)
  }
  const either = bindLogic('or', tests)
  const united = unify([value, ...items])
  const plain =
    typeof united !== 'string' &&
    items.every((item) => item.literal && item.type !== 'null') &&
    united.type !== 'number'
  const membership = plain
    ? {
        ...either,
        sql: `(${united.parts[0]!.sql} in (${united.parts
          .slice(1)
          .map((part) => part.sql)
          .join(', ')}))`,
      }
    : either
  return negated ? bindNot(membership) : membership
}

export function bindLike(value: Bound, like: Like): Bound | Misfit {
  if (value.type !== 'string' && value.type !== 'null')
    return `"like" needs text, and this is ${withArticle(value.type)}`
  const pattern = likePattern(like.pattern, like.anyCase)
  if (pattern === undefined) return 'a pattern ends with a single backslash; write \\\\ for a backslash itself'
  const sql = `(${value.sql} ${like.anyCase ? 'ilike' : 'like'} ${sqlString(like.pattern)})`
  const matched = derived('boolean', [value], sql, (text) => pattern.test(text as string))
  return like.negated ? bindNot(matched) : matched
}

/** `%` any text, `_` one character, `\` takes the next one as it is. */
function likePattern(pattern: string, anyCase: boolean): RegExp | undefined {
  let source = ''
  let escaped = false
  for (const character of pattern) {
    const plain = character.replace(/[\\^$.*+?()[\]{}|/-]/, (special) => `\\${special}`)
    if (escaped) source += plain
    else if (character === '%') source += '.*'
    else if (character === '_') source += '.'
    else if (character !== '\\') source += plain
    escaped = !escaped && character === '\\'
  }
  return escaped ? undefined : new RegExp(`^${source}$`, anyCase ? 'isu' : 'su')
}
