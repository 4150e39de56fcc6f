import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { ButtonLink, Link } from '#ui/Link'
import { Empty, Failure } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { nameColumn } from '#ui/name-column'
import { Table } from '#ui/Table'
import { useGo } from '#ui/url-state'
import { measureText } from './measure-text.ts'
import { metricsQuery } from './metric-api.ts'

export function MetricList() {
  const metrics = useQuery({ ...metricsQuery, refetchInterval: 30_000 })
  const go = useGo()
  return (
    <Page>
      <PageHead
        title="Metrics"
        about="Numbers defined once, kept current, and the same wherever they are shown."
        actions={
          <ButtonLink to="/metrics/new" tone="primary" icon={<Plus size={15} />}>
            Define a metric
          </ButtonLink>
        }
      />
      {metrics.isError && metrics.data === undefined ? (
        <Failure error={metrics.error} retry={() => void metrics.refetch()} />
      ) : (
        <Table
          label="Metrics"
          rows={metrics.data}
          rowKey={({ code }) => code}
          onOpen={({ code }) => go(`/metrics/${code}`)}
          columns={[
            nameColumn((row: { readonly name: string; readonly code: string }) => `/metrics/${row.code}`),
            { id: 'code', title: 'Code', value: (row) => row.code, mono: true },
            { id: 'measure', title: 'Measure', value: (row) => measureText(row.measure) },
            {
              id: 'dataset',
              title: 'Dataset',
              value: (row) => row.dataset,
              cell: (row) => (
                <Link to={`/datasets/${row.dataset}`} className="hover:text-water-ink">
                  {row.dataset}
                </Link>
              ),
            },
            { id: 'dimensions', title: 'Dimensions', value: (row) => row.dimensions.join(', ') },
            { id: 'unit', title: 'Unit', value: (row) => row.unit },
          ]}
          empty={
            <Empty
              title="No metrics yet"
              action={
                <ButtonLink to="/metrics/new" tone="primary">
                  Define a metric
                </ButtonLink>
              }
            >
              <p>
                A metric says what is counted over which dataset, by which time. It is computed as events arrive and
                answers for any period and time zone.
              </p>
            </Empty>
          }
        />
      )}
    </Page>
  )
}
