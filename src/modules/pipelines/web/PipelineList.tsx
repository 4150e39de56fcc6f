import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { ButtonLink } from '#ui/Link'
import { ListPage } from '#ui/ListPage'
import { Empty } from '#ui/Nothing'
import { formatNumber } from '#ui/number'
import { Status } from '#ui/Status'
import { Ago } from '#ui/Time'
import { wordFor } from './pipeline-flow.ts'
import { pipelinesQuery } from './pipeline-api.ts'
import { byHealth, healthOf } from './health-words.ts'
import { RecentRuns } from './RecentRuns.tsx'

export function PipelineList() {
  const pipelines = useQuery({ ...pipelinesQuery, refetchInterval: 5_000 })
  return (
    <ListPage
      title="Pipelines"
      about="Rows from where they are to where they are needed, cleaned on the way."
      actions={
        <ButtonLink to="/pipelines/new" tone="primary" icon={<Plus size={15} />}>
          Create a pipeline
        </ButtonLink>
      }
      query={pipelines}
      pathOf={({ id }) => `/pipelines/${id}`}
      compare={byHealth}
      columns={[
        {
          id: 'state',
          title: 'State',
          value: (row) => healthOf(row).word,
          cell: (row) => <Status tone={healthOf(row).tone}>{healthOf(row).word}</Status>,
        },
        {
          id: 'way',
          title: 'From and to',
          grow: 2,
          value: (row) => `${wordFor(row.source.type)} → ${wordFor(row.destination.type)}`,
          cell: (row) => (
            <span className="text-ink-2">{`${wordFor(row.source.type)} → ${wordFor(row.destination.type)}`}</span>
          ),
        },
        {
          id: 'runs',
          title: 'Last runs',
          sortable: false,
          value: () => '',
          cell: (row) => <RecentRuns pipeline={row} />,
        },
        {
          id: 'rows',
          title: 'Rows',
          align: 'right',
          value: (row) => row.lastRun?.rows.written ?? null,
          cell: (row) => formatNumber(row.lastRun?.rows.written, { compact: true }),
        },
        {
          id: 'last',
          title: 'Last run',
          align: 'right',
          value: (row) => row.lastRun?.startedAt,
          cell: (row) => <Ago at={row.lastRun?.startedAt} className="text-ink-2" />,
        },
        {
          id: 'next',
          title: 'Next run',
          align: 'right',
          value: (row) => row.nextRunAt,
          cell: (row) => <Ago at={row.nextRunAt} className="text-ink-2" />,
        },
      ]}
      empty={
        <Empty
          title="No pipelines yet"
          action={
            <ButtonLink to="/pipelines/new" tone="primary">
              Create a pipeline
            </ButtonLink>
          }
        >
          <p>
            A pipeline reads a source, changes and checks its rows, and loads them into a dataset, a file or a database.
          </p>
        </Empty>
      }
    />
  )
}
