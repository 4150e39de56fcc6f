import { useState } from 'react'
import { SkeletonRows } from '../components/Nothing.tsx'
import { toast } from '../components/Toasts.tsx'
import { formatCount } from '../format/number.ts'
import { asTsv, shownRows, type Column, type Sort } from './rows.ts'
import { tableExport, type WholeTable } from './table-export.ts'
import { TableBody } from './TableBody.tsx'
import { TableHead } from './TableHead.tsx'
import { TableTools } from './TableTools.tsx'
import { rowHeight, useTableRows } from './use-table-rows.ts'

export interface TableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[] | undefined
  readonly rowKey: (row: Row, index: number) => string
  readonly onOpen?: ((row: Row) => void) | undefined
  /** Shown in place of rows when there are none at all. */
  readonly empty?: React.ReactNode
  /** Filter, column choice and copying above the rows. */
  readonly tools?: boolean
  readonly height?: number
  readonly skeletonRows?: number
  readonly sort?: Sort
  /** Filtering and sorting are done where the rows come from; without, among the rows that are here. */
  readonly remote?: RemoteRows
  /** What an export says and reads beside the rows that are here; without, they are all there are. */
  readonly whole?: WholeTable<Row>
}

export interface RemoteRows {
  readonly filter: string
  readonly onFilter: (filter: string) => void
  readonly sort: Sort | undefined
  readonly onSort: (sort: Sort | undefined) => void
  /** Says what may be written into the filter. */
  readonly placeholder: string
}

/** The workhorse: sorts, filters, chooses columns, copies as TSV, holds any number of rows, works by keyboard. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  onOpen,
  empty,
  tools = true,
  height = 560,
  skeletonRows = 8,
  sort: firstSort,
  remote,
  whole,
}: TableProps<Row>) {
  const [ownFilter, setFilter] = useState('')
  const [ownSort, setSort] = useState<Sort | undefined>(firstSort)
  const { filter, sort } = remote ?? { filter: ownFilter, sort: ownSort }
  const [chosen, setChosen] = useState<ReadonlySet<string>>()
  const visible = columns.filter(({ id, hidden }) => (chosen === undefined ? hidden !== true : chosen.has(id)))
  const shown = remote === undefined ? shownRows(rows ?? [], columns, filter, sort) : (rows ?? [])
  const state = useTableRows(shown, height, onOpen, visible.some(({ wrap }) => wrap) ? rowKey : undefined)

  if (rows === undefined) return <SkeletonRows rows={skeletonRows} height={rowHeight} />
  if (rows.length === 0 && empty !== undefined && (remote === undefined || filter.trim() === '')) return <>{empty}</>

  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(asTsv(shown, visible))
    toast(`${formatCount(shown.length, 'row')} copied`)
  }
  return (
    <div>
      {tools && (
        <TableTools
          label={label}
          filter={filter}
          onFilter={remote?.onFilter ?? setFilter}
          placeholder={remote?.placeholder}
          columns={columns}
          visible={visible}
          onChoose={setChosen}
          onCopy={() => void copy()}
          source={() =>
            tableExport({ name: label, columns, visible, shown, filter, filteredAtSource: remote !== undefined, whole })
          }
          count={shown.length}
          total={rows.length}
        />
      )}
      <div
        ref={state.scroller}
        tabIndex={shown.length === 0 ? 0 : -1}
        className="relative overflow-auto border-y border-line"
        style={{ maxHeight: height }}
      >
        <table
          aria-label={label}
          aria-rowcount={shown.length + 1}
          className="w-full border-separate border-spacing-0 text-13"
          onKeyDown={state.onKeyDown}
        >
          <TableHead columns={visible} sort={sort} onSort={remote?.onSort ?? setSort} />
          <TableBody
            columns={visible}
            rows={shown}
            rowKey={rowKey}
            onOpen={onOpen}
            nothing={
              remote === undefined
                ? `No row holds “${filter}”. Clear the filter to see all ${rows.length}.`
                : 'No row matches the filter.'
            }
            state={state}
          />
        </table>
      </div>
    </div>
  )
}
