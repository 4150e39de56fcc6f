/**
 * Which values of JSON a column of a dataset takes, and what it needs in words.
 *
 * ```ts
 * columnRules('integer').fits('12') // true
 * columnRules('decimal(6,2)').needs // 'a decimal with 6 digits, 2 after the point'
 * ```
 */
import type { ColumnType } from './dataset.ts'
import { decimalPlaces } from './decimal-places.ts'
import { isNumber, type WrittenNumber } from './exact-json.ts'
import { canonicalJson, maxJsonDepth } from './json-text.ts'

/** A value of JSON whose numbers are still as they were written. */
export type Field = string | boolean | null | WrittenNumber | object

export interface ColumnRule {
  readonly needs: string
  fits(field: Exclude<Field, null>): boolean
}

const instant =
  /^(19|2[0-2])\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?$/
const day = /^(19|2[0-2])\d{2}-\d{2}-\d{2}$/
const exactNumber = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/
const anyNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** `nested`: some column of the dataset is json; text columns then keep an object or array as its JSON text. */
export function columnRules(type: ColumnType, nested = false): ColumnRule {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type)
  if (decimal) {
    const [precision, scale] = [Number(decimal[1]), Number(decimal[2])]
    return {
      needs: `a decimal with ${precision} digits, ${scale} after the point`,
      fits: (field) => isExact(field, precision - scale, scale),
    }
  }
  if (type === 'string' && nested)
    return { needs: 'text', fits: (field) => (typeof field === 'object' ? !isNumber(field) : rules.string.fits(field)) }
  return rules[type as keyof typeof rules]
}

const rules = {
  string: { needs: 'text', fits: (field) => typeof field === 'string' && field.isWellFormed() },
  integer: { needs: 'an integer', fits: (field) => isExact(field, 19, 0) && withinInt64(numberText(field) ?? '') },
  number: { needs: 'a number within range', fits: isInRange },
  boolean: {
    needs: 'true or false',
    fits: (field) =>
      typeof field === 'boolean' || (isNumber(field) && (field.rawJSON === '0' || field.rawJSON === '1')),
  },
  timestamp: { needs: 'a time such as 2026-01-31T12:00:00Z', fits: isTimestamp },
  date: {
    needs: 'a date such as 2026-01-31',
    fits: (field) => typeof field === 'string' && day.test(field) && isDay(field),
  },
  json: { needs: `JSON without half surrogate pairs, at most ${maxJsonDepth} levels deep`, fits: isJson },
} as const satisfies Record<string, ColumnRule>

/** A number, or text that holds a plain one: 64-bit integers and decimals travel as text. */
function numberText(field: Field): string | undefined {
  if (isNumber(field)) return field.rawJSON
  return typeof field === 'string' && exactNumber.test(field) ? field : undefined
}

function isInRange(field: Field): boolean {
  if (typeof field === 'string') return anyNumber.test(field) && Number.isFinite(Number(field))
  return isNumber(field) && Number.isFinite(Number(field.rawJSON))
}

function isExact(field: Field, whole: number, scale: number): boolean {
  const text = numberText(field)
  if (text === undefined) return false
  const { digits, point } = shift(text)
  const before = digits.slice(0, Math.max(0, point)).replace(/^0+/, '')
  return (
    before.length + Math.max(0, point - digits.length) * (before === '' ? 0 : 1) <= whole &&
    (decimalPlaces(text) ?? Infinity) <= scale
  )
}

/** The digits of a number and the position of its point among them. */
function shift(text: string): { digits: string; point: number } {
  const [mantissa = '', exponent = '0'] = (text.startsWith('-') ? text.slice(1) : text).toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: whole + fraction, point: whole.length + Number(exponent) }
}

function withinInt64(text: string): boolean {
  const { digits, point } = shift(text)
  const whole = BigInt(
    (digits + '0'.repeat(Math.max(0, Math.min(20, point - digits.length)))).slice(0, Math.max(0, point)) || '0',
  )
  return text.startsWith('-') ? whole <= 9223372036854775808n : whole <= 9223372036854775807n
}

function isTimestamp(field: Field): boolean {
  return typeof field === 'string' && instant.test(field) && isDay(field.slice(0, 10))
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}

function isJson(field: Exclude<Field, null>): boolean {
  try {
    canonicalJson(JSON.stringify(field))
    return true
  } catch {
    return false
  }
}
