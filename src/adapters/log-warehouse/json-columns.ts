/**
 * NDJSON with the values of `json` columns written as JSON strings that hold their text. The engine cannot tell
 * `1` from `"1"` in a column of text, and its numbers lose digits, so these values reach it as text.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { canonicalJson, JsonRefused } from '#core/json-text'
import { parseJsonValue } from '#core/parse-json'
import { BlockRejected } from '#ports/log'

const sliceMs = 8
const [quote, backslash, comma, colon, newline] = [0x22, 0x5c, 0x2c, 0x3a, 0x0a]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

/** Rejects with `BlockRejected` when a line is no JSON object or a value is none that a `json` column takes. */
export async function jsonColumnsAsText(ndjson: Uint8Array, names: readonly string[]): Promise<Buffer> {
  const bytes = Buffer.from(ndjson.buffer, ndjson.byteOffset, ndjson.byteLength)
  const columns = new Set(names)
  const pieces: Uint8Array[] = []
  let copied = 0
  let began = performance.now()
  for (let start = 0, line = 1; start < bytes.length; line += 1) {
    const next = bytes.indexOf(newline, start)
    const end = next === -1 ? bytes.length : next
    try {
      for (const value of valuesOf(bytes, start, end, columns)) {
        pieces.push(bytes.subarray(copied, value.start), asText(bytes, value))
        copied = value.end
      }
    } catch (error) {
      if (error instanceof JsonRefused) throw new BlockRejected(`line ${line}: ${error.message}`, { cause: error })
      throw error
    }
    start = end + 1
    if ((line & 63) === 0 && performance.now() - began > sliceMs) {
      await nextTurn()
      began = performance.now()
    }
  }
  pieces.push(bytes.subarray(copied))
  return Buffer.concat(pieces)
}

export interface Span {
  readonly column: string
  readonly start: number
  readonly end: number
}

/** Where the values of these columns are in a line; null stays as it is. Throws `JsonRefused` when the line is no object. */
export function valuesOf(bytes: Buffer, start: number, end: number, columns: ReadonlySet<string>): readonly Span[] {
  const found: Span[] = []
  let at = blankEnd(bytes, start, end)
  if (at === end) return found
  if (bytes[at] !== openBrace) throw new JsonRefused('is not a JSON object')
  at = blankEnd(bytes, at + 1, end)
  while (bytes[at] !== closeBrace || at >= end) {
    const nameStart = at
    if (at >= end || bytes[at] !== quote) throw new JsonRefused('is not a JSON object')
    at = stringEnd(bytes, at, end)
    const column = nameOf(bytes, nameStart, at)
    at = blankEnd(bytes, at, end)
    if (at >= end || bytes[at] !== colon) throw new JsonRefused('is not a JSON object')
    at = blankEnd(bytes, at + 1, end)
    const valueStart = at
    at = valueEnd(bytes, at, end)
    if (columns.has(column) && !isNull(bytes, valueStart, at)) found.push({ column, start: valueStart, end: at })
    at = blankEnd(bytes, at, end)
    if (at < end && bytes[at] === comma) {
      at = blankEnd(bytes, at + 1, end)
      if (bytes[at] === closeBrace) throw new JsonRefused('has a comma before the end of its object')
    } else if (at >= end || bytes[at] !== closeBrace) throw new JsonRefused('is not a JSON object')
  }
  if (blankEnd(bytes, at + 1, end) !== end) throw new JsonRefused('holds more than one JSON object')
  return found
}

function asText(bytes: Buffer, { column, start, end }: Span): Buffer {
  try {
    return Buffer.from(JSON.stringify(canonicalJson(bytes.toString('utf8', start, end))))
  } catch (error) {
    if (error instanceof JsonRefused) throw new JsonRefused(`the value of column "${column}" ${error.message}`)
    throw error
  }
}

function nameOf(bytes: Buffer, start: number, end: number): string {
  const written = bytes.toString('utf8', start, end)
  if (!written.includes('\\')) return written.slice(1, -1)
  try {
    return String(parseJsonValue(written))
  } catch {
    throw new JsonRefused('is not a JSON object')
  }
}

/** Behind the value that begins at `at`. Whether it is valid is for `canonicalJson` or the engine to say. */
function valueEnd(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] === quote) return stringEnd(bytes, at, end)
  let depth = 0
  for (let here = at; here < end; here += 1) {
    const byte = bytes[here]
    if (byte === quote) here = stringEnd(bytes, here, end) - 1
    else if (byte === openBrace || byte === openBracket) depth += 1
    else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) return here
      depth -= 1
      if (depth === 0) return here + 1
    } else if (depth === 0 && (byte === comma || isBlank(byte))) return here
  }
  return end
}

/** Behind the string whose quote is at `at`. */
function stringEnd(bytes: Buffer, at: number, end: number): number {
  for (let here = at + 1; here < end; here += 1) {
    const byte = bytes[here]
    if (byte === quote) return here + 1
    if (byte === backslash) here += 1
  }
  throw new JsonRefused('has a text without an end')
}

function isNull(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 4 && bytes[start] === 0x6e && bytes.toString('latin1', start, end) === 'null'
}

function blankEnd(bytes: Buffer, at: number, end: number): number {
  let here = at
  while (here < end && isBlank(bytes[here])) here += 1
  return here
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}
