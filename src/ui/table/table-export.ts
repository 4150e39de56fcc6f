import type { Export } from '../export/export-text.ts'
import { shownRows, type Column } from './rows.ts'

/** What an export says and reads when the rows on the page are not all there are. */
export interface WholeTable<Row> {
  /** Of the file. */
  readonly name: string
  readonly about: () => readonly (readonly [string, string])[]
  readonly read: (signal: AbortSignal) => AsyncIterable<readonly Row[]>
}

/** The visible columns of the rows that pass the filter: those on the page, or all of `whole`. */
export function tableExport<Row>({
  name,
  columns,
  visible,
  shown,
  filter,
  filteredAtSource,
  whole,
}: {
  /** Of the file, unless `whole` has its own. */
  readonly name: string
  readonly columns: readonly Column<Row>[]
  readonly visible: readonly Column<Row>[]
  readonly shown: readonly Row[]
  readonly filter: string
  readonly filteredAtSource: boolean
  readonly whole: WholeTable<Row> | undefined
}): Export<Row> {
  return {
    name: whole?.name ?? name.toLowerCase().replaceAll(' ', '-'),
    columns: visible,
    about: () => [
      ...(whole?.about() ?? [['As of', new Date().toISOString()] as const]),
      ...(filter.trim() === '' ? [] : [['Only rows that hold', filter.trim()] as const]),
    ],
    read:
      whole === undefined
        ? () => [shown]
        : filteredAtSource
          ? whole.read
          : (signal) => filtered(whole.read(signal), columns, filter),
  }
}

async function* filtered<Row>(
  pages: AsyncIterable<readonly Row[]>,
  columns: readonly Column<Row>[],
  filter: string,
): AsyncIterable<readonly Row[]> {
  for await (const rows of pages) yield shownRows(rows, columns, filter, undefined)
}
