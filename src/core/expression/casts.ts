import { withArticle } from '../with-article.ts'
import type { ColumnType } from '#core/dataset'
import {
  decimalSql,
  derived,
  derivedOrNull,
  inInt64,
  isExact,
  power,
  scaleOf,
  widen,
  widthOf,
  type Bound,
  type Value,
} from './bound.ts'
import { digitsOfType } from './literals.ts'
import {
  daysOf,
  firstInstant,
  lastInstant,
  readDate,
  readTimestamp,
  timestampForm,
  writeDate,
  writeTimestamp,
} from './times.ts'

type Known = Exclude<Value, null>
type Casting = (part: Bound) => Bound

/** Another type for a value. What cannot be converted is null; digits too many are cut off towards zero. */
export function bindCast(part: Bound, type: ColumnType): Bound | string {
  if (part.type === type || part.type === 'null') return widen(part, type)
  const family = (name: ColumnType): string => (name.startsWith('decimal') ? 'decimal' : name)
  const casting = castings[`${family(part.type)} ${family(type)}`]
  if (casting) return casting(part)
  if (isExact(part.type) && type.startsWith('decimal')) return exactToDecimal(part, type)
  if (part.type === 'number' && type.startsWith('decimal')) return numberToDecimal(part, type)
  if (part.type === 'string' && type.startsWith('decimal')) return textToDecimal(part, type)
  return `${withArticle(part.type)} cannot be made ${withArticle(type)}`
}

const simple =
  (
    type: ColumnType,
    sql: (x: string) => string,
    value: (value: Known, part: Bound) => Value,
    mayBeNull = false,
  ): Casting =>
  (part) =>
    (mayBeNull ? derivedOrNull : derived)(type, [part], sql(part.sql), (known) => value(known, part))

const asText = (value: (value: Known, part: Bound) => string): Casting =>
  simple('string', (x) => `toString(${x})`, value)

const castings: Readonly<Record<string, Casting>> = {
  'integer number': (part) => widen(part, 'number'),
  'decimal number': (part) => widen(part, 'number'),
  'date timestamp': (part) => widen(part, 'timestamp'),
  'decimal integer': simple(
    'integer',
    (x) => `accurateCastOrNull(toInt256(${x}), 'Int64')`,
    (value, part) => inInt64((value as bigint) / power(scaleOf(part.type))),
    true,
  ),
  'number integer': simple(
    'integer',
    (x) => `accurateCastOrNull(truncate(${x}), 'Int64')`,
    (value) => (Number.isFinite(value as number) ? inInt64Float(Math.trunc(value as number)) : null),
    true,
  ),
  'boolean integer': simple(
    'integer',
    (x) => `toInt64(${x})`,
    (value) => (value ? 1n : 0n),
  ),
  'string integer': simple(
    'integer',
    (x) => `if(match(${x}, '^[+-]?[0-9]+$'), toInt64OrNull(${x}), NULL)`,
    (value) => (/^[+-]?\d+$/.test(value as string) ? inInt64(BigInt((value as string).replace('+', ''))) : null),
    true,
  ),
  'string number': simple(
    'number',
    (x) => `if(match(${x}, '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$'), toFloat64OrNull(${x}), NULL)`,
    (value) => (/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value as string) ? Number(value) : null),
    true,
  ),
  'string boolean': simple(
    'boolean',
    (x) => `multiIf(${x} = 'true', true, ${x} = 'false', false, NULL)`,
    (value) => (value === 'true' ? true : value === 'false' ? false : null),
    true,
  ),
  'string timestamp': simple(
    'timestamp',
    (x) => {
      const parsed = `parseDateTime64BestEffortOrNull(${x}, 6, 'UTC')`
      const inRange = `toUnixTimestamp64Micro(${parsed}) between ${firstInstant} and ${lastInstant}`
      return `if(match(${x}, '${timestampForm}') and ${inRange}, ${parsed}, NULL)`
    },
    (value) => readTimestamp(value as string) ?? null,
    true,
  ),
  'string date': simple(
    'date',
    // The engine reads a date that is none, or out of range, as another one.
    (x) => `if(toString(toDate32OrNull(${x})) = ${x}, toDate32OrNull(${x}), NULL)`,
    (value) => readDate(value as string) ?? null,
    true,
  ),
  'timestamp date': simple(
    'date',
    (x) => `toDate32(${x})`,
    (value) => daysOf(value as bigint),
  ),
  'integer string': asText(String),
  'number string': asText((value) => String(value).replace('e+', 'e')),
  'boolean string': simple('string', (x) => `toString(toBool(${x}))`, String),
  'decimal string': asText((value, part) => plainDecimal(value as bigint, scaleOf(part.type))),
  'timestamp string': asText((value) => writeTimestamp(value as bigint)),
  'date string': asText((value) => writeDate(value as bigint)),
  'json string': simple(
    'string',
    (x) => x,
    (value) => value,
  ),
}

function inInt64Float(value: number): bigint | null {
  return value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(value) : null
}

/** Without zeros at the end, as the engine writes decimals. */
function plainDecimal(units: bigint, scale: number): string {
  const text = writeDecimal(units, scale)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

export function writeDecimal(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return units < 0n ? `-${text}` : text
}

/** A value with more digits before its point than the type has is null. */
function bounded(part: Bound, type: ColumnType, sql: string, value: (known: Known) => bigint | null): Bound {
  const { precision } = digitsOfType(type)!
  const limit = power(precision)
  return derivedOrNull(type, [part], sql, (known) => {
    const units = value(known)
    return units === null || units >= limit || units <= -limit ? null : units
  })
}

function exactToDecimal(part: Bound, type: ColumnType): Bound {
  const [from, to] = [digitsOfType(part.type as ColumnType)!, digitsOfType(type)!]
  const shift = to.scale - from.scale
  const value = (known: Known): bigint =>
    shift >= 0 ? (known as bigint) * power(shift) : (known as bigint) / power(-shift)
  if (to.precision - to.scale >= from.precision - from.scale)
    return derived(type, [part], decimalSql(part.sql, to), value)
  const roomy = decimalSql(part.sql, {
    precision: Math.min(76, from.precision - from.scale + to.scale),
    scale: to.scale,
  })
  return bounded(part, type, withinDigits(roomy, to), value)
}

function withinDigits(sql: string, to: { precision: number; scale: number }): string {
  const limit = `toDecimal256('1${'0'.repeat(to.precision - to.scale)}', 0)`
  return `if(abs(${sql}) < ${limit}, toDecimal${widthOf(to.precision)}OrNull(toString(${sql}), ${to.scale}), NULL)`
}

function textToDecimal(part: Bound, type: ColumnType): Bound {
  const to = digitsOfType(type)!
  const form = `^[+-]?[0-9]{1,${Math.max(1, to.precision - to.scale)}}([.][0-9]+)?$`
  const pattern = new RegExp(form)
  const sql = `if(match(${part.sql}, '${form}'), toDecimal${widthOf(to.precision)}OrNull(${part.sql}, ${to.scale}), NULL)`
  return bounded(part, type, sql, (known) =>
    pattern.test(known as string) ? readDecimal(known as string, to.scale) : null,
  )
}

/** The units of a written decimal; digits too many are cut off. */
export function readDecimal(text: string, scale: number): bigint | null {
  const match = /^([+-]?)(\d*)\.?(\d*)$/.exec(text)
  if (!match || (match[2] === '' && match[3] === '')) return null
  const units = BigInt(match[2]! + match[3]!.padEnd(scale, '0').slice(0, scale))
  return match[1] === '-' ? -units : units
}

/** By the shortest digits that tell the number apart, so 1.15 becomes 1.15. */
function numberToDecimal(part: Bound, type: ColumnType): Bound {
  const to = digitsOfType(type)!
  const limit = 10 ** (to.precision - to.scale)
  const sql = `if(abs(${part.sql}) < toFloat64('${limit}'), toDecimal${widthOf(to.precision)}OrNull(toString(${part.sql}), ${to.scale}), NULL)`
  return bounded(part, type, sql, (known) =>
    Math.abs(known as number) < limit ? readDecimal(plainNumber(known as number), to.scale) : null,
  )
}

function plainNumber(value: number): string {
  const [digits = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.')
  const point = whole.length + Number(exponent)
  const all = whole + fraction
  const text =
    point <= 0 ? `0.${'0'.repeat(-point)}${all}` : `${all.padEnd(point, '0').slice(0, point)}.${all.slice(point)}`
  return value < 0 ? `-${text}` : text
}
