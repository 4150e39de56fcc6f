/**
 * How a column of the type `json` keeps a value: as its JSON text, without white space between tokens, with the
 * digits of numbers as they were written. Of a name that an object holds twice, the last value counts.
 *
 * ```ts
 * canonicalJson(' {"id": 9007199254740993, "price": 1.10} ') // '{"id":9007199254740993,"price":1.10}'
 * canonicalJson('"1"') // '"1"'
 * readJsonText('"1"') // '1'
 * readJsonText('written before 2026, without quotes') // 'written before 2026, without quotes'
 * ```
 */
import { parseExact } from './exact-json.ts'

/** PostgreSQL and the engine's JSON functions do not reach much deeper. */
export const maxJsonDepth = 1_000

/** A JSON value that a `json` column does not take; the message completes "the value …". */
export class JsonRefused extends Error {
  override readonly name = 'JsonRefused'
}

/** Throws `JsonRefused` for text that is no JSON, that is nested too deeply, or that has a lone surrogate. */
export function canonicalJson(text: string): string {
  if (depthOf(text) > maxJsonDepth) throw new JsonRefused(`is nested deeper than ${maxJsonDepth} levels`)
  let written: string
  try {
    written = JSON.stringify(JSON.parse(text))
    // Numbers that a double cannot hold, and -0, come out in other digits; wrong names (`parse-json.ts`) differ too.
    if (written !== text) written = JSON.stringify(parseExact(text))
  } catch (error) {
    throw new JsonRefused(`is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (loneSurrogate.test(written)) throw new JsonRefused('has half of a surrogate pair')
  return written
}

/**
 * The value of a stored text, for `JSON.stringify`. What is no JSON was written by an earlier version, which stored
 * texts of pipelines without quotes: it is the text itself.
 */
export function readJsonText(text: string): unknown {
  try {
    return parseExact(text)
  } catch {
    return text
  }
}

/** The rows with the texts of their `json` columns as values. */
export function withJsonValues(
  row: Readonly<Record<string, unknown>>,
  jsonColumns: readonly string[],
): Record<string, unknown> {
  const values = jsonColumns.flatMap((name): [string, unknown][] => {
    const value = row[name]
    return typeof value === 'string' ? [[name, readJsonText(value)]] : []
  })
  return { ...row, ...Object.fromEntries(values) }
}

/** Engine SQL: the text as JSON text. Text that is no JSON becomes a JSON string; null stays null. */
export function jsonTextSql(text: string): string {
  return `if(isNull(${text}) OR ${isJsonSql(text)}, ${text}, replaceAll(toJSONString(${text}), '\\\\/', '/'))`
}

/** Engine SQL: whether the text is valid JSON. */
export function isJsonSql(text: string): string {
  return `isValidJSON(${numbersMarkedSql(`ifNull(${text}, '')`)})`
}

/** Engine SQL: the JSON text of a member of an object, null when it is not there or null. `name` is a literal's content. */
export function jsonMemberSql(object: string, name: string): string {
  const found = `JSONExtractRaw(${numbersMarkedSql(object)}, '${name}\\x01')`
  const numbers = `replaceRegexpAll(${found}, '"\\\\\\\\u0001(-?[0-9][0-9.eE+-]*)"', '\\\\1')`
  return `nullIf(nullIf(replaceAll(${numbers}, '\\\\u0001"', '"'), ''), 'null')`
}

/**
 * The engine's JSON functions refuse or change numbers that its types cannot hold. So each number becomes a string
 * that begins with U+0001, and each string, names too, gets U+0001 at its end.
 */
function numbersMarkedSql(text: string): string {
  const string = String.raw`"((?:[^"\\]|\\.)*)"`
  const number = '(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?)'
  return `replaceRegexpAll(${text}, '${`${string}|${number}`.replaceAll('\\', '\\\\')}', '"\\\\1\\\\\\\\u0001\\\\2"')`
}

/** `JSON.stringify` writes a lone surrogate, and nothing else in that range, as an escape. */
const loneSurrogate = /(?<!\\)(?:\\\\)*\\ud[89a-f]/

function depthOf(text: string): number {
  if (text.length <= 2 * maxJsonDepth) return 0
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x5c) at += 1
    else if (code === 0x22) inString = !inString
    else if (inString) continue
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, (depth += 1))
    else if (code === 0x5d || code === 0x7d) depth -= 1
  }
  return deepest
}
