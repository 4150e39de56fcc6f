import { withArticle } from '../with-article.ts'
import { derived, derivedOrNull, inInt64, isNumeric, power, scaleOf, widen, type Bound } from './bound.ts'
import type { FunctionSpec } from './function-spec.ts'
import { decimalType, digitsOfType } from './literals.ts'
import type { ColumnType } from '#core/dataset'

/** One argument, whose type decides what happens. */
function ofNumber(usage: string, about: string, bind: (part: Bound) => Bound): FunctionSpec {
  return {
    usage,
    about,
    arity: [1, 1],
    bind: ([given]) => {
      const part = numeric(given!)
      return typeof part === 'string' ? `${usage} ${part}` : bind(part)
    },
  }
}

function numeric(part: Bound): Bound | string {
  if (part.type === 'null') return widen(part, 'integer')
  return isNumeric(part.type) ? part : `needs a number, and this is ${withArticle(part.type)}`
}

/** A decimal without digits after its point. */
function whole(part: Bound, sql: string, rounded: (value: bigint, unit: bigint) => bigint): Bound {
  const { precision, scale } = digitsOfType(part.type as ColumnType)!
  const type = decimalType({ precision: Math.min(76, precision + 1), scale })
  return derived(type, [part], sql, (value) => rounded(value as bigint, power(scale)))
}

function floored(value: bigint, unit: bigint): bigint {
  const rest = ((value % unit) + unit) % unit
  return value - rest
}

/** Halves go away from zero. */
export function halfAway(value: bigint, unit: bigint): bigint {
  const size = value < 0n ? -value : value
  const rounded = ((size * 2n + unit) / (unit * 2n)) * unit
  return value < 0n ? -rounded : rounded
}

/** Halves go to the even neighbour, as the engine and IEEE 754 have it. */
export function halfEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}

export const numberFunctions: Readonly<Record<string, FunctionSpec>> = {
  abs: ofNumber('abs(number)', 'The number without its sign.', (part) => {
    if (part.type === 'integer')
      return derivedOrNull('integer', [part], `accurateCastOrNull(abs(toInt128(${part.sql})), 'Int64')`, (value) =>
        inInt64((value as bigint) < 0n ? -(value as bigint) : (value as bigint)),
      )
    return derived(part.type as ColumnType, [part], `abs(${part.sql})`, (value) =>
      typeof value === 'number' ? Math.abs(value) : (value as bigint) < 0n ? -(value as bigint) : value,
    )
  }),
  floor: ofNumber('floor(number)', 'The next whole number below.', (part) => {
    if (part.type === 'integer') return part
    if (part.type === 'number')
      return derived('number', [part], `floor(${part.sql})`, (value) => Math.floor(value as number))
    return whole(part, `floor(${part.sql})`, floored)
  }),
  ceil: ofNumber('ceil(number)', 'The next whole number above.', (part) => {
    if (part.type === 'integer') return part
    if (part.type === 'number')
      return derived('number', [part], `ceil(${part.sql})`, (value) => Math.ceil(value as number))
    return whole(part, `ceil(${part.sql})`, (value, unit) => -floored(-value, unit))
  }),
  round: {
    usage: 'round(number, digits?)',
    about:
      'Rounded to so many digits after the point (0 to 18). Halves go away from zero in a decimal, to the even neighbour in a number.',
    arity: [1, 2],
    bind: ([given, places]) => {
      const part = numeric(given!)
      if (typeof part === 'string') return `round(number, digits?) ${part}`
      const digits = Number(places?.literal?.text ?? 0)
      if (places && (places.literal?.type !== 'integer' || digits < 0 || digits > 18))
        return 'the digits of round are a whole number from 0 to 18'
      if (part.type === 'integer') return part
      if (part.type === 'number') {
        const unit = 10 ** digits
        const sql = digits === 0 ? `round(${part.sql})` : `(round(${part.sql} * ${unit}.) / ${unit}.)`
        return derived('number', [part], sql, (value) => halfEven((value as number) * unit) / unit)
      }
      const scale = scaleOf(part.type)
      return digits >= scale
        ? part
        : whole(part, `round(${part.sql}, ${digits})`, (value, unit) => halfAway(value, unit / power(digits)))
    },
  },
}
