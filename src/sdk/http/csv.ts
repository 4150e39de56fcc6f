/**
 * CSV of RFC 4180, row by row; the first row names the columns. Values are text, an empty one is null. A blank line is a
 * row only when there is one column. What would lose data fails with its line.
 */
import type { BatchRecord } from '../batches.ts'
import { httpFailures } from './errors.ts'

interface CsvRow {
  readonly values: readonly string[]
  /** Where it begins, counted from 1. */
  readonly line: number
  readonly blank: boolean
}

/** `url` is for the failure. */
export async function* csvRows(chunks: AsyncIterable<string>, url: string): AsyncGenerator<BatchRecord> {
  let names: readonly string[] | undefined
  for await (const { values, line, blank } of rowsOf(chunks, url)) {
    if (blank && names?.length !== 1) continue
    if (names === undefined) {
      const twice = values.find((name, index) => values.indexOf(name) < index)
      if (twice !== undefined)
        throw httpFailures.csv({ url, line, because: `the header has the column "${twice}" more than once.` })
      names = values
      continue
    }
    if (values.length !== names.length) {
      const compared = values.length > names.length ? 'more' : 'fewer'
      const because = `the row has ${compared} values (${values.length}) than the header has columns (${names.length}).`
      throw httpFailures.csv({ url, line, because })
    }
    yield Object.fromEntries(names.map((name, index) => [name, values[index] === '' ? null : values[index]]))
  }
}

async function* rowsOf(chunks: AsyncIterable<string>, url: string): AsyncGenerator<CsvRow> {
  let values: string[] = []
  let field = ''
  /** `closing`: a quote in a quoted value was read; it ends the value or is the first of two. `closed`: white space follows. */
  let state: 'plain' | 'quoted' | 'closing' | 'closed' = 'plain'
  let line = 1
  let rowLine = 1
  let quoteLine = 1
  /** The row has a quote, which makes it a row even when it is empty. */
  let quotes = false
  /** A carriage return that belongs to the end of the line when a line feed follows it. */
  let carriageReturn = false
  const row = (): CsvRow => ({
    values: [...values, field],
    line: rowLine,
    blank: values.length === 0 && field === '' && !quotes,
  })
  for await (const chunk of chunks)
    for (const character of chunk) {
      if (character === '\n') line += 1
      if (state === 'quoted') {
        if (character === '"') state = 'closing'
        else field += character
        continue
      }
      if (state === 'closed' || (state === 'closing' && character !== '"')) {
        if (!/[\s,]/.test(character))
          throw httpFailures.csv({ url, line, because: 'text follows the closing quote of a value.' })
        if (character !== ',' && character !== '\n') {
          state = 'closed'
          continue
        }
      }
      if (carriageReturn && character !== '\n') field += '\r'
      carriageReturn = character === '\r'
      if (character === '"' && (state === 'closing' || field === '')) {
        if (state === 'closing') field += '"'
        else quoteLine = line
        state = 'quoted'
        quotes = true
        continue
      }
      if (character === ',') {
        values.push(field)
        field = ''
      } else if (character === '\n') {
        yield row()
        values = []
        field = ''
        quotes = false
        rowLine = line
      } else if (!carriageReturn) field += character
      state = 'plain'
    }
  if (state === 'quoted') throw httpFailures.csv({ url, line: quoteLine, because: 'the quote is never closed.' })
  if (carriageReturn) field += '\r'
  const last = row()
  if (!last.blank) yield last
}
