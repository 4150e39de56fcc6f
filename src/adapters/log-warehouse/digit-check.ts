/**
 * Refuses numbers with more digits after the point than their integer or decimal column keeps, where the engine
 * cannot: its reader drops digits that are far behind the point, so `1e-30` would be stored as 0. Regular
 * expressions find the few lines that may hold such a number; only these are read here.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { decimalPlaces } from '#core/decimal-places'
import { JsonRefused } from '#core/json-text'
import { BlockRejected, type TopicColumn } from '#ports/log'
import { valuesOf } from './json-columns.ts'
import { strictColumn, type ExactDigits } from './strict-columns.ts'

const pieceBytes = 1 << 18
const sliceMs = 8
const [newline, quote] = [0x0a, 0x22]
/** The name of the value whose digits before here these are, unless it is written with an escape. */
const nameBefore = /(?<=[^\\]"([^"\\]*)"\s*:\s*"?[-+]?(?:[0-9]*[.])?[0-9]*)/y

/** Throws or rejects with `BlockRejected`. A short block has been checked when the check returns undefined. */
export function digitCheck(columns: readonly TopicColumn[]): (ndjson: Uint8Array) => Promise<void> | undefined {
  const exact = new Map(
    columns.flatMap((column) => {
      const digits = strictColumn(column).exact
      return digits === undefined ? [] : [[column.name, digits] as const]
    }),
  )
  if (exact.size === 0) return () => undefined
  const names = new Set(exact.keys())
  const namesAsLatin1 = new Set([...names].map((name) => Buffer.from(name).toString('latin1')))
  const placesRead = Math.min(...[...exact.values()].map((digits) => digits.placesRead))
  const signs = [
    new RegExp(`[.][0-9]{${placesRead + 1}}`, 'g'),
    // The look back keeps most UUIDs out. It ends at the first character that is no digit, so it takes linear time.
    /[eE]-(?<=(?:^|[\s:"])[-+]?[0-9.]+[eE]-)/g,
  ]

  function checkPiece(bytes: Buffer, from: number, to: number): void {
    const text = bytes.toString('latin1', from, to)
    for (const sign of signs) {
      sign.lastIndex = 0
      for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
        nameBefore.lastIndex = found.index
        const [, name] = nameBefore.exec(text) ?? []
        if (name !== undefined && !namesAsLatin1.has(name)) continue
        const start = text.lastIndexOf('\n', found.index) + 1
        const next = text.indexOf('\n', found.index)
        const end = next === -1 ? text.length : next
        checkLine(bytes, from + start, from + end)
        sign.lastIndex = end
      }
    }
  }

  function checkLine(bytes: Buffer, start: number, end: number): void {
    try {
      for (const value of valuesOf(bytes, start, end, names)) {
        const digits = exact.get(value.column)
        if (digits !== undefined && !fits(bytes, value, digits)) throw new BlockRejected(digits.says)
      }
    } catch (error) {
      if (error instanceof JsonRefused)
        throw new BlockRejected(`line ${lineNumber(bytes, start)}: ${error.message}`, { cause: error })
      throw error
    }
  }

  async function checkPieces(bytes: Buffer): Promise<void> {
    let began = performance.now()
    for (let from = 0; from < bytes.length;) {
      const next = bytes.indexOf(newline, from + pieceBytes)
      const to = next === -1 ? bytes.length : next
      checkPiece(bytes, from, to)
      from = to + 1
      if (performance.now() - began > sliceMs) {
        await nextTurn()
        began = performance.now()
      }
    }
  }

  return (ndjson) => {
    const bytes = Buffer.from(ndjson.buffer, ndjson.byteOffset, ndjson.byteLength)
    if (bytes.length > pieceBytes) return checkPieces(bytes)
    checkPiece(bytes, 0, bytes.length)
    return undefined
  }
}

/** What a text without a number holds is for the statement to say. */
function fits(bytes: Buffer, { start, end }: { start: number; end: number }, digits: ExactDigits): boolean {
  const isText = bytes[start] === quote
  const text = bytes.toString('latin1', isText ? start + 1 : start, isText ? end - 1 : end)
  const places = decimalPlaces(text)
  return places === undefined ? isText : places <= digits.placesKept
}

function lineNumber(bytes: Buffer, start: number): number {
  let number = 1
  for (let at = bytes.indexOf(newline); at !== -1 && at < start; at = bytes.indexOf(newline, at + 1)) number += 1
  return number
}
