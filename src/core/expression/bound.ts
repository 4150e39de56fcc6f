import type { ColumnType } from '#core/dataset'
import { sqlString } from '../sql-text.ts'
import { decimalType, digitsOf, digitsOfType, int64, type Digits } from './literals.ts'
import { microsPerDay, readDate, readTimestamp, writeDate, writeTimestamp } from './times.ts'
import type { Literal } from './tree.ts'

/** What a part is at run time: integers are bigint, decimals their digits without the point, timestamps microseconds, dates days. */
export type Value = null | string | number | boolean | bigint
export type Row = Readonly<Record<string, unknown>>
export type BoundType = ColumnType | 'null'

/**
 * A part whose names and types are resolved. It means one thing in two languages: `sql` for the
 * engine, `value` for the evaluator that tests hold the engine against.
 */
export interface Bound {
  readonly type: BoundType
  readonly nullable: boolean
  readonly sql: string
  readonly value: (row: Row) => Value
  /** A constant written in the expression. */
  readonly literal?: Literal
}

export function isNumeric(type: BoundType): boolean {
  return type === 'number' || isExact(type)
}

export function isExact(type: BoundType): boolean {
  return type === 'integer' || type.startsWith('decimal')
}

/** The digits that a part can have at most: those written, for a literal. */
export function digitsOfBound(part: Bound): Digits | undefined {
  if (part.type === 'null') return undefined
  return part.literal && part.type === 'integer' ? digitsOf(part.literal.text) : digitsOfType(part.type)
}

export function scaleOf(type: BoundType): number {
  return type === 'null' ? 0 : (digitsOfType(type)?.scale ?? 0)
}

export function power(scale: number): bigint {
  return 10n ** BigInt(scale)
}

export function bindLiteral(literal: Literal): Bound {
  const { text } = literal
  const constant = (type: BoundType, sql: string, value: Value): Bound => ({
    type,
    nullable: value === null,
    sql,
    value: () => value,
    literal,
  })
  switch (literal.type) {
    case 'null':
      return constant('null', 'NULL', null)
    case 'boolean':
      return constant('boolean', text, text === 'true')
    case 'string':
      return constant('string', sqlString(text), text)
    case 'integer':
      return constant('integer', `toInt64('${text}')`, BigInt(text))
    case 'number':
      return constant('number', `toFloat64('${text}')`, Number(text))
    case 'decimal': {
      const digits = digitsOf(text)
      return constant(decimalType(digits), decimalSql(`'${text}'`, digits), BigInt(text.replace('.', '')))
    }
  }
}

export function decimalSql(sql: string, { precision, scale }: Digits): string {
  return `toDecimal${widthOf(precision)}(${sql}, ${scale})`
}

export function widthOf(precision: number): 64 | 128 | 256 {
  return precision <= 18 ? 64 : precision <= 38 ? 128 : 256
}

/** A new part made of others, null where one of them is null. */
export function derived(
  type: ColumnType,
  parts: readonly Bound[],
  sql: string,
  value: (...values: Exclude<Value, null>[]) => Value,
): Bound {
  return {
    type,
    sql,
    nullable: parts.some((part) => part.nullable),
    value: (row) => {
      const values = parts.map((part) => part.value(row))
      return values.includes(null) ? null : value(...(values as Exclude<Value, null>[]))
    },
  }
}

/** As `derived`, where also known values may give null. */
export function derivedOrNull(...given: Parameters<typeof derived>): Bound {
  return { ...derived(...given), nullable: true }
}

/** Takes a part to another type that loses nothing (or to `number`, where exactness ends). */
export function widen(part: Bound, type: ColumnType): Bound {
  if (part.type === type && !(part.literal && part.type === 'integer' && type !== 'integer')) return part
  if (part.type === 'null')
    return { type, nullable: true, value: () => null, sql: `CAST(NULL, 'Nullable(${engineTypeOf(type)})')` }
  if (type === 'number') {
    const unit = Number(power(scaleOf(part.type)))
    return derived(type, [part], `toFloat64(${part.sql})`, (value) => Number(value) / unit)
  }
  const digits = digitsOfType(type)
  if (digits && isExact(part.type)) {
    const factor = power(digits.scale - scaleOf(part.type))
    const sql = part.literal ? decimalSql(`'${part.literal.text}'`, digits) : decimalSql(part.sql, digits)
    return derived(type, [part], sql, (value) => (value as bigint) * factor)
  }
  if (type === 'timestamp' && part.type === 'date') {
    return derived(type, [part], `toDateTime64(${part.sql}, 6, 'UTC')`, (value) => (value as bigint) * microsPerDay)
  }
  if (part.literal && part.type === 'string') return readText(part.literal, type) ?? part
  return part
}

/** A text constant beside a timestamp or date is one itself; `undefined` when it cannot be read as such. */
export function readText(literal: Literal, type: BoundType): Bound | undefined {
  if (type === 'timestamp') {
    const micros = readTimestamp(literal.text)
    return micros === undefined
      ? undefined
      : { type, nullable: false, sql: `toDateTime64('${writeTimestamp(micros)}', 6, 'UTC')`, value: () => micros }
  }
  if (type === 'date') {
    const days = readDate(literal.text)
    return days === undefined
      ? undefined
      : { type, nullable: false, sql: `toDate32('${writeDate(days)}')`, value: () => days }
  }
  return undefined
}

export function engineTypeOf(type: ColumnType): string {
  const digits = type === 'integer' ? undefined : digitsOfType(type)
  if (digits) return `Decimal(${digits.precision}, ${digits.scale})`
  return {
    string: 'String',
    integer: 'Int64',
    number: 'Float64',
    boolean: 'Bool',
    timestamp: "DateTime64(6, \\'UTC\\')",
    date: 'Date32',
    json: 'String',
  }[type as 'string']
}

export function inInt64(value: bigint): bigint | null {
  return value >= int64.min && value <= int64.max ? value : null
}

/** In the order of code points, as the engine compares UTF-8. */
export function compareText(one: string, other: string): number {
  const [left, right] = [Array.from(one), Array.from(other)]
  for (let index = 0; index < left.length && index < right.length; index += 1) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
