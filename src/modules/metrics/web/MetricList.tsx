import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { ButtonLink, Link } from '#ui/Link'
import { ListPage } from '#ui/ListPage'
import { Empty } from '#ui/Nothing'
import { measureText } from './measure-text.ts'
import { metricsQuery } from './metric-api.ts'

export function MetricList() {
  const metrics = useQuery({ ...metricsQuery, refetchInterval: 30_000 })
  return (
    <ListPage
      title="Metrics"
      about="Numbers defined once, kept current, and the same wherever they are shown."
      actions={
        <ButtonLink to="/metrics/new" tone="primary" icon={<Plus size={15} />}>
          Define a metric
        </ButtonLink>
      }
      query={metrics}
      pathOf={({ code }) => `/metrics/${code}`}
      columns={[
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
            A metric says what is counted over which dataset, by which time. It is computed as events arrive and answers
            for any period and time zone.
          </p>
        </Empty>
      }
    />
  )
}
