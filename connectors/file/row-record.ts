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

/** The cells of one row of CSV; a quote inside of quotes is written twice. */
export function cellsOf(row: string, delimiter: string): readonly string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < row.length; at += 1) {
    const character = row[at]
    if (quoted && character === '"' && row[at + 1] === '"') {
      cell += '"'
      at += 1
    } else if (character === '"' && (quoted || cell === '')) quoted = !quoted
    else if (!quoted && row.startsWith(delimiter, at)) {
      cells.push(cell)
      cell = ''
      at += delimiter.length - 1
    } else cell += character
  }
  return [...cells, cell]
}
