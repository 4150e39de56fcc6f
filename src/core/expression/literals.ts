import type { ColumnType } from '#core/dataset'
import type { Literal } from './tree.ts'

export const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

/** `10` is an integer, `0.1` a decimal of just its digits, `1e3` a number. Returns the sentence of the problem when it is not a number. */
export function readNumber(written: string, at: string): Literal | string {
  if (/[eE]/.test(written)) {
    const value = Number(written)
    return Number.isFinite(value)
      ? { kind: 'literal', at, type: 'number', text: String(value) }
      : `${written} is too large for a number`
  }
  const text = normal(written)
  if (!text.includes('.')) {
    const value = BigInt(text)
    if (value >= int64.min && value <= int64.max) return { kind: 'literal', at, type: 'integer', text }
  }
  if (text.replace(/[-.]/g, '').length > 76) return `${written} has more than 76 digits`
  return { kind: 'literal', at, type: 'decimal', text }
}

/** A value of JSON as a constant. */
export function literalOf(value: string | number | boolean | null, at: string): Literal {
  if (value === null) return { kind: 'literal', at, type: 'null', text: 'null' }
  if (typeof value === 'boolean') return { kind: 'literal', at, type: 'boolean', text: String(value) }
  if (typeof value === 'number') {
    const literal = readNumber(String(value), at)
    if (typeof literal !== 'string') return literal
  }
  return { kind: 'literal', at, type: 'string', text: String(value) }
}

/** Digits before and after the point, without needless zeros in front. */
function normal(written: string): string {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d*)\.?(\d*)$/.exec(written)!
  const digits = whole.replace(/^0+(?=\d)/, '') || '0'
  const text = fraction === '' ? digits : `${digits}.${fraction}`
  return sign && /[1-9]/.test(text) ? `-${text}` : text
}

export interface Digits {
  readonly precision: number
  readonly scale: number
}

export function digitsOf(text: string): Digits {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  return { precision: Math.max(1, (whole === '0' ? 0 : whole.length) + fraction.length), scale: fraction.length }
}

/** The digits a column of this type can hold; `undefined` when it is not exact. */
export function digitsOfType(type: ColumnType): Digits | undefined {
  if (type === 'integer') return { precision: 19, scale: 0 }
  const match = /^decimal\((\d+),(\d+)\)$/.exec(type)
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : undefined
}

export function decimalType({ precision, scale }: Digits): ColumnType {
  return `decimal(${precision},${scale})`
}
