import type { ColumnType } from '#core/dataset'
import { scaleOf, type Value } from './bound.ts'
import { readDecimal, writeDecimal } from './casts.ts'
import { readDate, readTimestamp, writeDate, writeTimestamp } from './times.ts'

/** A field of a row in its JSON form: 64-bit integers and decimals may be strings, times are text. */
export function readValue(type: ColumnType, field: unknown): Value {
  if (field === null || field === undefined) return null
  const text = String(field)
  if (type === 'integer') return BigInt(text)
  if (type.startsWith('decimal')) return readDecimal(text, scaleOf(type))
  if (type === 'number') return Number(field)
  if (type === 'boolean') return field === true || text === 'true'
  if (type === 'timestamp') return readTimestamp(text) ?? null
  if (type === 'date') return readDate(text) ?? null
  return typeof field === 'string' ? field : JSON.stringify(field)
}

export type Field = null | string | number | boolean

export function writeValue(type: ColumnType, value: Value): Field {
  if (typeof value !== 'bigint') return typeof value === 'number' && !Number.isFinite(value) ? null : value
  if (type === 'timestamp') return writeTimestamp(value)
  if (type === 'date') return writeDate(value)
  return writeDecimal(value, scaleOf(type))
}
