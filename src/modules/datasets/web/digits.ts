/**
 * JSON whose numbers keep their digits, also in browsers without `JSON.rawJSON`, which `#core/exact-json` needs.
 *
 * ```ts
 * stringify(parse('{"id": 9007199254740993, "price": 1.10, "n": 7}')) // '{"id":9007199254740993,"price":1.10,"n":7}'
 * ```
 */
import { parseJsonValue, valueOf } from '#core/parse-json'

/** A number whose digits JavaScript would change. */
export class LongNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Throws a `SyntaxError` as `JSON.parse` does. */
export function parse(text: string): unknown {
  parseJsonValue(text)
  return valueOf(text, (value, written) => (String(value) === written ? value : new LongNumber(written)))
}

/** With `indent`, each element on a line of its own, as `JSON.stringify` writes it. */
export function stringify(value: unknown, indent = ''): string {
  return written(value, indent, '\n')
}

function written(value: unknown, indent: string, line: string): string {
  if (value instanceof LongNumber) return value.text
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = line + indent
  const isList = Array.isArray(value)
  const elements = isList
    ? value.map((each: unknown) => written(each, indent, inner))
    : Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([name, each]) => `${JSON.stringify(name)}:${indent === '' ? '' : ' '}${written(each, indent, inner)}`)
  const [open, close] = isList ? '[]' : '{}'
  if (indent === '' || elements.length === 0) return `${open}${elements.join(',')}${close}`
  return `${open}${inner}${elements.join(`,${inner}`)}${line}${close}`
}
