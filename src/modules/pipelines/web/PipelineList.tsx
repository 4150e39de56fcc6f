import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { ButtonLink } from '#ui/Link'
import { Empty, Failure } from '#ui/Nothing'
import { formatNumber } from '#ui/number'
import { Page, PageHead } from '#ui/Page'
import { Status } from '#ui/Status'
import { nameColumn } from '#ui/name-column'
import { Table } from '#ui/Table'
import { Ago } from '#ui/Time'
import { useGo } from '#ui/url-state'
import { wordFor } from './pipeline-flow.ts'
import { pipelinesQuery } from './pipeline-api.ts'
import { byHealth, healthOf } from './run-words.ts'
import { RecentRuns } from './RecentRuns.tsx'

export function PipelineList() {
  const pipelines = useQuery({ ...pipelinesQuery, refetchInterval: 5_000 })
  const go = useGo()
  return (
    <Page>
      <PageHead
        title="Pipelines"
        about="Rows from where they are to where they are needed, cleaned on the way."
        actions={
          <ButtonLink to="/pipelines/new" tone="primary" icon={<Plus size={15} />}>
            Create a pipeline
          </ButtonLink>
        }
      />
      {pipelines.isError && pipelines.data === undefined ? (
        <Failure error={pipelines.error} retry={() => void pipelines.refetch()} />
      ) : (
        <Table
          label="Pipelines"
          rows={pipelines.data?.toSorted(byHealth)}
          rowKey={({ id }) => id}
          onOpen={({ id }) => go(`/pipelines/${id}`)}
          columns={[
            nameColumn((row: { readonly name: string; readonly id: string }) => `/pipelines/${row.id}`),
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
                A pipeline reads a source, changes and checks its rows, and loads them into a dataset, a file or a
                database.
              </p>
            </Empty>
          }
        />
      )}
    </Page>
  )
}
