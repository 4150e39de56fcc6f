import { ArrowDown, ArrowUp } from 'lucide-react'
import { cx } from '../class-names.ts'
import { nextSort, type Column, type Sort } from './rows.ts'

/** Stays in sight while rows scroll beneath; each name sorts. */
export function TableHead<Row>({
  columns,
  sort,
  onSort,
}: {
  readonly columns: readonly Column<Row>[]
  readonly sort: Sort | undefined
  readonly onSort: (sort: Sort | undefined) => void
}) {
  return (
    <thead>
      <tr>
        {columns.map(({ id, title, align, grow, sortable = true }) => {
          const sorted = sort?.column === id ? sort : undefined
          return (
            <th
              key={id}
              scope="col"
              aria-sort={sorted === undefined ? undefined : sorted.down ? 'descending' : 'ascending'}
              style={{ width: grow === undefined ? undefined : `${grow * 10}%` }}
              className={cx(
                'sticky top-0 z-10 h-8 border-b border-line bg-canvas pr-5 text-12 font-medium whitespace-nowrap text-ink-3 first:pl-2 last:pr-2',
                align === 'right' ? 'text-right' : 'text-left',
              )}
            >
              {sortable ? (
                <button
                  type="button"
                  onClick={() => onSort(nextSort(sort, id))}
                  className="inline-flex h-8 items-center gap-1 hover:text-ink"
                >
                  {title}
                  {sorted !== undefined &&
                    (sorted.down ? (
                      <ArrowDown size={12} aria-hidden="true" />
                    ) : (
                      <ArrowUp size={12} aria-hidden="true" />
                    ))}
                </button>
              ) : (
                title
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
