/** A row of a text file as an object of its columns, so that it can be corrected and sent again. */
import { parseJson } from '#sdk'
import type { EngineColumn } from '#sdk'
import { truthOf } from './checked-values.ts'

export type RowRecord = Readonly<Record<string, unknown>>

/** Cells by the columns of the file, in its order. Cells behind the last column keep a name that no column has, so that they are not lost. */
export function recordOf(cells: readonly string[], columns: readonly EngineColumn[]): RowRecord {
  const named = cells.flatMap((cell, index): [string, unknown][] => {
    const column = columns[index]
    if (column === undefined) return [[`value ${index + 1}`, cell]]
    return column.name === '' ? [] : [[column.name, valueOf(cell, column)]]
  })
  return Object.fromEntries(named)
}

/** Numbers, dates and times stay as they are written: events take them as text. */
function valueOf(cell: string, { type, holds }: EngineColumn): unknown {
  if (cell === '') return null
  if (type === 'Nullable(Bool)') return truthOf(cell) ?? cell
  if (holds !== 'json') return cell
  try {
    return parseJson(cell)
  } catch {
    return cell
  }
}

/**
 * The cells of one row of CSV, by the rules of `quoteReader`: a quote opens a value only where the value begins, with or
 * without blanks before it, and a quote inside of quotes is written twice. As in the reading of the engine, blanks
 * around a value are no part of it.
 */
export function cellsOf(row: string, delimiter: string): readonly string[] {
  const cells: string[] = []
  let at = 0
  for (;;) {
    while (row[at] !== delimiter && isBlank(row[at])) at += 1
    const quoted = row[at] === '"' ? quotedAt(row, at) : { value: '', end: at }
    const next = row.indexOf(delimiter, quoted.end)
    let end = next === -1 ? row.length : next
    while (end > quoted.end && isBlank(row[end - 1])) end -= 1
    cells.push(quoted.value + row.slice(quoted.end, end))
    if (next === -1) return cells
    at = next + delimiter.length
  }
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t'

/** The value whose quote is opened there, and the place behind the quote that closes it. */
function quotedAt(row: string, opened: number): { readonly value: string; readonly end: number } {
  let from = opened + 1
  let value = ''
  for (;;) {
    const closing = row.indexOf('"', from)
    if (closing === -1) return { value: value + row.slice(from), end: row.length }
    value += row.slice(from, closing)
    if (row[closing + 1] !== '"') return { value, end: closing + 1 }
    value += '"'
    from = closing + 2
  }
}
