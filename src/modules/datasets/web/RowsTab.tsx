import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { Button } from '#ui/Button'
import { Empty, Failure } from '#ui/Nothing'
import { Table } from '#ui/Table'
import { cellOf, type Column } from '#ui/rows'
import { readable } from './cell-text.ts'
import { allRows, rowsQuery, type Dataset, type Row } from './dataset-api.ts'

export function RowsTab({ dataset }: { readonly dataset: Dataset }) {
  const rows = useQuery(rowsQuery(dataset.name))
  if (rows.isError) return <Failure error={rows.error} retry={() => void rows.refetch()} />
  const names = [...new Set([...dataset.columns.map(({ name }) => name), ...Object.keys(rows.data?.items[0] ?? {})])]
  const types = new Map(dataset.columns.map(({ name, type }) => [name, type]))
  return (
    <div>
      <Table
        label="Rows"
        height={640}
        rows={rows.data?.items}
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
            ['Order', dataset.kind === 'events' ? 'as they came' : `by ${(dataset.key ?? []).join(', ')}`],
            ['Times', 'UTC'],
            ['As of', new Date().toISOString()],
          ],
          read: (signal) => allRows(dataset.name, signal),
        }}
        empty={
          <Empty title="No rows yet">
            <p>Rows appear here as soon as events arrive or a pipeline loads them.</p>
          </Empty>
        }
      />
      <div className="mt-2 flex items-center gap-3 text-12 text-ink-3">
        {rows.data?.next !== null && rows.data !== undefined && <span>The first {rows.data.items.length} rows.</span>}
        <Button tone="quiet" icon={<RefreshCw size={14} />} busy={rows.isFetching} onClick={() => void rows.refetch()}>
          Read again
        </Button>
      </div>
    </div>
  )
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
