/**
 * JSON whose numbers stay as they were written: parsing them would lose digits.
 *
 * ```ts
 * JSON.stringify(parseExact('{"id": 9007199254740993, "price": 1.10}')) // '{"id":9007199254740993,"price":1.10}'
 * ```
 */
import { hasEscapedName, valueOf } from './parse-json.ts'

export interface WrittenNumber {
  readonly rawJSON: string
}

/** ECMAScript's `JSON.rawJSON` and the source text of values, which TypeScript's library does not list yet. */
const exact = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown
  rawJSON(text: string): WrittenNumber
  isRawJSON(value: unknown): boolean
}

/** Throws a `SyntaxError` as `JSON.parse` does; `JSON.stringify` writes the numbers back as they were. */
export function parseExact(text: string): unknown {
  return parseNumbers(text, (_value, written) => exact.rawJSON(written))
}

/** A number whose digits JavaScript would change becomes an object that keeps them; the others are numbers. */
export function parseKeepingDigits(text: string): unknown {
  return parseNumbers(text, (value, written) => (String(value) === written ? value : exact.rawJSON(written)))
}

function parseNumbers(text: string, numberOf: (value: number, written: string) => unknown): unknown {
  const value = exact.parse(text, (_key, each, { source }) =>
    typeof each === 'number' && source !== undefined ? numberOf(each, source) : each,
  )
  return hasEscapedName(text) ? valueOf(text, numberOf) : value
}

export function isNumber(value: unknown): value is WrittenNumber {
  return exact.isRawJSON(value)
}

/** An object that is neither an array nor a number. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value)
}
