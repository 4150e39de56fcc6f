import { useInfiniteQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Empty, Failure } from '#ui/Nothing'
import { Table } from '#ui/Table'
import { cellOf, type Column, type Sort } from '#ui/rows'
import { useDebounced } from '#ui/use-debounced'
import { readable } from './cell-text.ts'
import { rowFilter } from './row-filter.ts'
import { allRows, rowsQuery, type Dataset, type Row, type RowsQuestion } from './dataset-api.ts'

export function RowsTab({ dataset }: { readonly dataset: Dataset }) {
  const [written, setWritten] = useState('')
  const [sort, setSort] = useState<Sort>()
  const text = useDebounced(written.trim(), 400)
  const filter = rowFilter(text, dataset.columns)
  const question: RowsQuestion = {
    ...(filter === undefined ? {} : { filter }),
    ...(sort === undefined ? {} : { sort: sort.column, order: sort.down ? 'desc' : 'asc' }),
  }
  const rows = useInfiniteQuery(rowsQuery(dataset.name, question))
  const items = rows.isError ? [] : rows.data?.pages.flatMap((page) => page.items)
  const names = [...new Set([...dataset.columns.map(({ name }) => name), ...Object.keys(items?.[0] ?? {})])]
  const types = new Map(dataset.columns.map(({ name, type }) => [name, type]))
  return (
    <div>
      {rows.isError && (
        <div className="mb-3">
          <Failure error={rows.error} compact retry={() => void rows.refetch()} />
        </div>
      )}
      <Table
        label="Rows"
        height={640}
        rows={items}
        remote={{
          filter: written,
          onFilter: setWritten,
          sort,
          onSort: setSort,
          placeholder: "A word, or status = 'paid'",
        }}
        rowKey={(_, index) => String(index)}
        columns={names.map((name): Column<Row> => ({
          id: name,
          title: name,
          hidden: name.startsWith('_'),
          align: /^(integer|number|decimal)/.test(types.get(name) ?? '') ? 'right' : 'left',
          mono: types.get(name) === 'json',
          value: (row) => cellOf(row[name]),
          ...shownAs(name, types.get(name) ?? ''),
        }))}
        whole={{
          name: dataset.name,
          about: () => [
            ['Dataset', dataset.name],
            ['Columns', dataset.columns.map((column) => `${column.name} ${column.type}`).join(', ')],
            ['Order', orderOf(dataset, sort)],
            ['Times', 'UTC'],
            ['As of', new Date().toISOString()],
          ],
          read: (signal) => allRows(dataset.name, question, signal),
        }}
        empty={
          <Empty title="No rows yet">
            <p>Rows appear here as soon as events arrive or a pipeline loads them.</p>
          </Empty>
        }
      />
      <div className="mt-2 flex items-center gap-3 text-12 text-ink-3">
        {rows.hasNextPage && (
          <>
            <span>The first {items?.length ?? 0} rows.</span>
            <Button tone="quiet" busy={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
              Show more
            </Button>
          </>
        )}
        <Button tone="quiet" icon={<RefreshCw size={14} />} busy={rows.isFetching} onClick={() => void rows.refetch()}>
          Read again
        </Button>
      </div>
    </div>
  )
}

function orderOf(dataset: Dataset, sort: Sort | undefined): string {
  if (sort !== undefined) return `by ${sort.column}${sort.down ? ', descending' : ''}`
  return dataset.kind === 'events' ? 'as they came' : `by ${(dataset.key ?? []).join(', ')}`
}

function shownAs(name: string, type: string): Pick<Column<Row>, 'cell'> {
  if (type !== 'timestamp' && !type.startsWith('decimal')) return {}
  return {
    cell: (row) => {
      const value = cellOf(row[name])
      return value === null || value === undefined ? (
        <span className="text-ink-3">—</span>
      ) : (
        <span className="figures" title={String(value)}>
          {readable(String(value), type)}
        </span>
      )
    },
  }
}
