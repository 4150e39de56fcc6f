import { wordFilter } from '../word-filter.ts'

/** What a table shows of its rows, apart from how it looks. */
export type Cell = string | number | boolean | null | undefined

/** Any JSON value as a cell; lists and objects as their text. */
export function cellOf(value: unknown): Cell {
  if (
    value === null ||
    value === undefined ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  )
    return value
  return JSON.stringify(value)
}

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** What the column sorts, filters and copies by. */
  readonly value: (row: Row) => Cell
  readonly cell?: (row: Row) => React.ReactNode
  readonly align?: 'left' | 'right'
  /** Share of the width, 1 unless said. */
  readonly grow?: number
  /** Hidden until chosen. */
  readonly hidden?: boolean
  readonly sortable?: boolean
  readonly mono?: boolean
  /** Long text goes on in further lines, so that the row grows; otherwise it is cut. */
  readonly wrap?: boolean
}

export interface Sort {
  readonly column: string
  readonly down: boolean
}

export function compareCells(a: Cell, b: Cell): number {
  const [noA, noB] = [a === null || a === undefined || a === '', b === null || b === undefined || b === '']
  if (noA || noB) return noA === noB ? 0 : noA ? 1 : -1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), undefined, { numeric: true, sensitivity: 'base' })
}

/** Rows that hold every word of the filter in some column, sorted; empty values come last either way. */
export function shownRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  filter: string,
  sort: Sort | undefined,
): readonly Row[] {
  const holds = wordFilter(filter)
  const kept =
    filter.trim() === ''
      ? rows
      : rows.filter((row) => holds(columns.map((column) => String(column.value(row) ?? '')).join('\u0000')))
  const by = columns.find(({ id }) => id === sort?.column)
  if (by === undefined || sort === undefined) return kept
  return kept.toSorted((a, b) => {
    const [one, other] = [by.value(a), by.value(b)]
    const order = compareCells(one, other)
    const empty =
      one === null || one === undefined || one === '' || other === null || other === undefined || other === ''
    return sort.down && !empty ? -order : order
  })
}

/** First down for numbers would surprise in lists of names, so: up, down, as it came. */
export function nextSort(sort: Sort | undefined, column: string): Sort | undefined {
  if (sort?.column !== column) return { column, down: false }
  return sort.down ? undefined : { column, down: true }
}

/** Tab-separated, as spreadsheets take it from the clipboard. */
export function asTsv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const field = (cell: Cell): string => {
    const text = String(cell ?? '')
    return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [
    columns.map(({ title }) => field(title)),
    ...rows.map((row) => columns.map((column) => field(column.value(row)))),
  ]
    .map((line) => line.join('\t'))
    .join('\n')
}
