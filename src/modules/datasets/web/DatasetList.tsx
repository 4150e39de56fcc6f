import { useQuery } from '@tanstack/react-query'
import { Link } from '#ui/Link'
import { ListPage } from '#ui/ListPage'
import { Empty } from '#ui/Nothing'
import { formatBytes, formatCount, formatNumber } from '#ui/number'
import { Snippet } from '#ui/Snippet'
import { Ago } from '#ui/Time'
import { datasetsQuery, rejectedQuery } from './dataset-api.ts'
import { sendLine } from './send-line.ts'

const firstColumns = [
  { name: 'order_id', type: 'integer', nullable: false, tags: [] },
  { name: 'amount', type: 'decimal(18,2)', nullable: true, tags: [] },
  { name: 'ordered_at', type: 'timestamp', nullable: true, tags: [] },
]

export function DatasetList() {
  const datasets = useQuery({ ...datasetsQuery, refetchInterval: 10_000 })
  const rejected = useQuery({ ...rejectedQuery, refetchInterval: 30_000 })
  const withoutDataset = (rejected.data ?? []).filter(({ exists }) => !exists)
  return (
    <ListPage
      title="Datasets"
      about="Rows with named, typed columns: events that only grow, and tables whose rows change."
      query={datasets}
      pathOf={({ name }) => `/datasets/${name}`}
      columns={[
        { id: 'kind', title: 'Kind', value: (row) => row.kind },
        { id: 'columns', title: 'Columns', value: (row) => row.columns.length, align: 'right' },
        {
          id: 'rows',
          title: 'Rows',
          value: (row) => row.rows,
          align: 'right',
          cell: (row) => formatNumber(row.rows),
        },
        {
          id: 'bytes',
          title: 'Size',
          value: (row) => row.bytes,
          align: 'right',
          cell: (row) => formatBytes(row.bytes),
        },
        {
          id: 'freshness',
          title: 'Last rows',
          value: (row) => row.freshness,
          align: 'right',
          cell: (row) => <Ago at={row.freshness} className="text-ink-2" />,
        },
        {
          id: 'source',
          title: 'Made by',
          value: (row) => sourceText(row.source),
          cell: (row) => <span className="text-ink-2">{sourceText(row.source)}</span>,
        },
      ]}
      empty={
        <Empty title="No datasets yet">
          <p>
            Send an event and its dataset is made, with columns inferred from what came. Or let a pipeline load one.
          </p>
          <Snippet label="Send a first event" code={sendLine(location.origin, 'orders', firstColumns)} />
          <p>
            <Link to="/pipelines/new" className="text-water-ink underline underline-offset-2">
              Create a pipeline
            </Link>
          </p>
        </Empty>
      }
    >
      {withoutDataset.length > 0 && (
        <p className="mb-3 text-13 text-ink-2">
          Only rejected rows so far, and no dataset:{' '}
          {withoutDataset.map(({ name, rows }, index) => (
            <span key={name}>
              {index > 0 && ', '}
              <Link to={`/datasets/${name}`} className="text-water-ink underline underline-offset-2">
                {name}
              </Link>{' '}
              ({formatCount(rows, 'row')})
            </span>
          ))}
        </p>
      )}
    </ListPage>
  )
}

function sourceText({ kind, name }: { readonly kind: string; readonly name?: string | undefined }): string {
  if (kind === 'pipeline') return name === undefined ? 'a pipeline' : name
  return kind === 'inferred' ? 'first events' : 'declared'
}
