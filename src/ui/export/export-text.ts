/** What is exported, and its text: every row there is, and what it is, as one would have to ask. */
import type { Cell } from '../table/rows.ts'

export interface Export<Row> {
  /** Of the file, without its ending. */
  readonly name: string
  /** What the rows are: definition, filter, zone, as of when. Asked once all of them are read. */
  readonly about: () => readonly (readonly [string, string])[]
  readonly columns: readonly ExportColumn<Row>[]
  /** All rows, in pieces. */
  readonly read: (signal: AbortSignal) => AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>
}

export interface ExportColumn<Row> {
  readonly id: string
  readonly value: (row: Row) => Cell
}

export type ExportFormat = 'csv' | 'json'

/** The exported file, and what it is as a text of its own: a spreadsheet reads no lines before the names of the columns. */
export interface ExportedParts {
  readonly parts: readonly string[]
  readonly about: string
}

/** Reads all rows. `onRead` hears how many are read. A JSON file holds what it is itself. */
export async function exportParts<Row>(
  { about, columns, read }: Export<Row>,
  format: ExportFormat,
  signal: AbortSignal,
  onRead: (rows: number) => void = () => {},
): Promise<ExportedParts> {
  const parts: string[] = []
  let count = 0
  for await (const rows of read(signal)) {
    signal.throwIfAborted()
    if (rows.length === 0) continue
    const lines = rows.map((row) =>
      format === 'csv' ? csvLine(columns.map(({ value }) => value(row))) : objectText(columns, row),
    )
    parts.push(format === 'csv' ? `${lines.join('\r\n')}\r\n` : `${count === 0 ? '' : ',\n'}${lines.join(',\n')}`)
    onRead((count += rows.length))
  }
  const facts = [...about(), ['Rows', String(count)] as const]
  const head = format === 'csv' ? `${csvLine(columns.map(({ id }) => id))}\r\n` : jsonHead(facts)
  return { parts: format === 'csv' ? [head, ...parts] : [head, ...parts, '\n]}\n'], about: aboutText(facts) }
}

function aboutText(facts: readonly (readonly [string, string])[]): string {
  return facts.map(([name, text]) => `${name}: ${text.replaceAll(/\s*[\r\n]+\s*/g, ' ')}\r\n`).join('')
}

function jsonHead(facts: readonly (readonly [string, string])[]): string {
  return `{"about": ${JSON.stringify(Object.fromEntries(facts), null, 2)},\n"rows": [\n`
}

function csvLine(cells: readonly Cell[]): string {
  return cells
    .map((cell) => {
      const text = String(cell ?? '')
      // Nothing and an empty text are not the same.
      return text === '' ? (cell === '' ? '""' : '') : /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
    })
    .join(',')
}

function objectText<Row>(columns: readonly ExportColumn<Row>[], row: Row): string {
  return JSON.stringify(Object.fromEntries(columns.map(({ id, value }) => [id, value(row) ?? null])))
}
