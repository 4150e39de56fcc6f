import { cx } from '../class-names.ts'
import { rowHeight, type TableRows } from './use-table-rows.ts'
import type { Column } from './rows.ts'

/** The rows in view; those above and below are two spacers. */
export function TableBody<Row>({
  columns,
  rows,
  rowKey,
  onOpen,
  nothing,
  state: { virtual, active, setActive },
}: {
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row, index: number) => string
  readonly onOpen: ((row: Row) => void) | undefined
  /** Says why no row is shown. */
  readonly nothing: string
  readonly state: TableRows
}) {
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const grows = columns.some(({ wrap }) => wrap)
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <tbody>
      {before > 0 && <Spacer height={before} />}
      {items.map(({ index }) => {
        const row = rows[index]
        if (row === undefined) return null
        return (
          <tr
            key={rowKey(row, index)}
            data-row={index}
            data-index={index}
            ref={grows ? virtual.measureElement : undefined}
            aria-rowindex={index + 2}
            tabIndex={index === active ? 0 : -1}
            onFocus={() => setActive(index)}
            onClick={
              onOpen === undefined
                ? undefined
                : (event) => (event.target as HTMLElement).closest('a, button, input') === null && onOpen(row)
            }
            className={cx('group outline-offset-[-2px] hover:bg-hover', onOpen !== undefined && 'cursor-pointer')}
            style={{ height: rowHeight }}
          >
            {columns.map((column) => (
              <Cell key={column.id} column={column} row={row} />
            ))}
          </tr>
        )
      })}
      {after > 0 && <Spacer height={after} />}
      {rows.length === 0 && (
        <tr style={{ height: rowHeight * 3 }}>
          <td colSpan={columns.length} className="text-center text-ink-3">
            {nothing}
          </td>
        </tr>
      )}
    </tbody>
  )
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  return (
    <td
      className={cx(
        'max-w-96 border-b border-line pr-5 first:pl-2 last:pr-2 group-last:border-b-0',
        column.wrap === true ? 'min-w-56 py-1.5 md:min-w-96 wrap-anywhere' : 'truncate py-0',
        column.align === 'right' && 'figures text-right',
        column.mono === true && 'font-mono text-12',
      )}
    >
      {column.cell === undefined ? textOf(column.value(row), column.wrap) : column.cell(row)}
    </td>
  )
}

function Spacer({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden="true">
      <td style={{ height }} />
    </tr>
  )
}

function textOf(value: unknown, wrap = false): React.ReactNode {
  if (value === null || value === undefined) return <span className="text-ink-3">—</span>
  return (
    <span title={String(value)} className={wrap ? 'line-clamp-10' : undefined}>
      {String(value)}
    </span>
  )
}
