import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState, type KeyboardEvent } from 'react'
import { cx } from '../class-names.ts'
import { toast } from '../components/Toasts.tsx'
import { SkeletonRows } from '../components/Nothing.tsx'
import type { Export } from '../export/export-text.ts'
import { TableHead } from './TableHead.tsx'
import { TableTools } from './TableTools.tsx'
import { asTsv, shownRows, type Column, type Sort } from './rows.ts'

/** Fingers need more room than a pointer. */
const rowHeight = typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches ? 44 : 32

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

export interface WholeTable<Row> {
  /** Of the file. */
  readonly name: string
  readonly about: () => readonly (readonly [string, string])[]
  readonly read: (signal: AbortSignal) => AsyncIterable<readonly Row[]>
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
  const [at, setAt] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const visible = columns.filter(({ id, hidden }) => (chosen === undefined ? hidden !== true : chosen.has(id)))
  const shown = remote === undefined ? shownRows(rows ?? [], columns, filter, sort) : (rows ?? [])
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 800, height },
  })

  if (rows === undefined) return <SkeletonRows rows={skeletonRows} height={rowHeight} />
  if (rows.length === 0 && empty !== undefined && (remote === undefined || filter.trim() === '')) return <>{empty}</>

  const move = (to: number): void => {
    const next = Math.max(0, Math.min(shown.length - 1, to))
    setAt(next)
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus())
  }
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(asTsv(shown, visible))
    toast(`${shown.length} rows copied`)
  }
  const source = (): Export<Row> => ({
    name: whole?.name ?? label.toLowerCase().replaceAll(' ', '-'),
    columns: visible,
    about: () => [
      ...(whole?.about() ?? [['As of', new Date().toISOString()] as const]),
      ...(filter.trim() === '' ? [] : [['Only rows that hold', filter.trim()] as const]),
    ],
    read:
      whole === undefined
        ? () => [shown]
        : remote === undefined
          ? (signal) => narrowed(whole.read(signal), columns, filter)
          : whole.read,
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset['row'] === undefined) return
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: 15,
      PageUp: -15,
      Home: -shown.length,
      End: shown.length,
    }
    const step = steps[event.key]
    const row = shown[at]
    if (step !== undefined) move(at + step)
    else if (event.key === 'Enter' && row !== undefined && onOpen !== undefined) onOpen(row)
    else return
    event.preventDefault()
  }

  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
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
          source={source}
          count={shown.length}
          total={rows.length}
        />
      )}
      <div
        ref={scroller}
        tabIndex={shown.length === 0 ? 0 : -1}
        className="relative overflow-auto border-y border-line"
        style={{ maxHeight: height }}
      >
        <table
          aria-label={label}
          aria-rowcount={shown.length + 1}
          className="w-full border-separate border-spacing-0 text-13"
          onKeyDown={onKeyDown}
        >
          <TableHead columns={visible} sort={sort} onSort={remote?.onSort ?? setSort} />
          <tbody>
            {before > 0 && <Spacer height={before} />}
            {items.map(({ index }) => {
              const row = shown[index]
              if (row === undefined) return null
              return (
                <tr
                  key={rowKey(row, index)}
                  data-row={index}
                  aria-rowindex={index + 2}
                  tabIndex={index === at ? 0 : -1}
                  onFocus={() => setAt(index)}
                  onClick={
                    onOpen === undefined
                      ? undefined
                      : (event) => (event.target as HTMLElement).closest('a, button, input') === null && onOpen(row)
                  }
                  className={cx('group outline-offset-[-2px] hover:bg-hover', onOpen !== undefined && 'cursor-pointer')}
                  style={{ height: rowHeight }}
                >
                  {visible.map((column) => (
                    <td
                      key={column.id}
                      className={cx(
                        'max-w-96 truncate border-b border-line py-0 pr-5 first:pl-2 last:pr-2 group-last:border-b-0',
                        column.align === 'right' && 'figures text-right',
                        column.mono === true && 'font-mono text-12',
                      )}
                    >
                      {column.cell === undefined ? textOf(column.value(row)) : column.cell(row)}
                    </td>
                  ))}
                </tr>
              )
            })}
            {after > 0 && <Spacer height={after} />}
            {shown.length === 0 && (
              <tr style={{ height: rowHeight * 3 }}>
                <td colSpan={visible.length} className="text-center text-ink-3">
                  {remote === undefined
                    ? `No row holds “${filter}”. Clear the filter to see all ${rows.length}.`
                    : 'No row matches the filter.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </div>
  )
}

async function* narrowed<Row>(
  pages: AsyncIterable<readonly Row[]>,
  columns: readonly Column<Row>[],
  filter: string,
): AsyncIterable<readonly Row[]> {
  for await (const rows of pages) yield shownRows(rows, columns, filter, undefined)
}

function Spacer({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden="true">
      <td style={{ height }} />
    </tr>
  )
}

function textOf(value: unknown): React.ReactNode {
  if (value === null || value === undefined) return <span className="text-ink-3">—</span>
  return <span title={String(value)}>{String(value)}</span>
}
