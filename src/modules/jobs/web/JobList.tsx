import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from '#ui/Button'
import { Select } from '#ui/Field'
import { Empty, Failure } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { Table } from '#ui/Table'
import { Ago } from '#ui/Time'
import { UrlFilter } from '#ui/UrlFilter'
import { useUrlState } from '#ui/url-state'
import { jobsQuery, type Job } from './job-api.ts'
import { isJobStatus, jobDuration, statusWords } from './job-words.ts'
import { JobActions } from './JobActions.tsx'
import { JobDialog } from './JobDialog.tsx'
import { JobProgress } from './JobProgress.tsx'

/** The work that the server does in the background, with its progress. */
export function JobList() {
  const [url, changeUrl] = useUrlState()
  const status = isJobStatus(url['status']) ? url['status'] : undefined
  const kind = url['kind']
  const jobs = useInfiniteQuery({ ...jobsQuery({ status, kind }), refetchOnWindowFocus: 'always' })
  const rows = jobs.data?.pages.flatMap(({ items }) => items)
  const filtered = status !== undefined || kind !== undefined
  return (
    <Page>
      <PageHead
        title="Jobs"
        about="Work that the server does in the background. It continues when this page is closed, and after a restart."
        actions={
          <Button busy={jobs.isRefetching && !jobs.isFetchingNextPage} onClick={() => void jobs.refetch()}>
            Read again
          </Button>
        }
      />
      <div role="search" aria-label="Filter jobs" className="mb-4 grid grid-cols-2 gap-2 md:grid-cols-4">
        <Select
          id="job-status"
          aria-label="Status"
          value={status ?? ''}
          options={[
            { value: '', title: 'Every status' },
            ...Object.entries(statusWords).map(([value, { word }]) => ({ value, title: word })),
          ]}
          onChange={(next) => changeUrl({ status: next }, { keep: true })}
        />
        <UrlFilter
          id="job-kind"
          name="kind"
          label="Kind or module"
          choices={[...new Set(rows?.map((row) => row.kind))].toSorted()}
        />
      </div>
      {jobs.isError && jobs.data === undefined ? (
        <Failure error={jobs.error} retry={() => void jobs.refetch()} />
      ) : (
        <Table
          label="Jobs"
          tools={false}
          rows={rows}
          rowKey={({ id }) => id}
          onOpen={({ id }) => changeUrl({ job: id }, { keep: true })}
          columns={columns}
          empty={
            filtered ? (
              <Empty
                title="No job fits these filters"
                action={
                  <Button onClick={() => changeUrl({ status: undefined, kind: undefined })}>Clear the filters</Button>
                }
              >
                <p>A kind is “pipelines.run”, or a module such as “pipelines”. Ended jobs are kept for 30 days.</p>
              </Empty>
            ) : (
              <Empty title="No jobs yet">
                <p>
                  When a module starts work that takes longer than a request, its job is listed here with progress and,
                  where it failed, with the reason. From here it is cancelled, or queued again.
                </p>
              </Empty>
            )
          }
        />
      )}
      {jobs.hasNextPage && (
        <Button className="mt-4" busy={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
          Show older jobs
        </Button>
      )}
      {url['job'] !== undefined && <JobDialog id={url['job']} onClose={() => changeUrl({ job: undefined })} />}
    </Page>
  )
}

const columns = [
  {
    id: 'kind',
    title: 'Kind',
    grow: 2,
    sortable: false,
    value: (row: Job) => row.kind,
    cell: (row: Job) => (
      <code title={row.about} className="text-12">
        {row.kind}
      </code>
    ),
  },
  {
    id: 'subject',
    title: 'About',
    grow: 2,
    sortable: false,
    value: (row: Job) => (row.subject === null ? null : (row.subject.name ?? row.subject.id)),
  },
  {
    id: 'status',
    title: 'Status',
    grow: 3,
    sortable: false,
    value: (row: Job) => row.status,
    cell: (row: Job) => <JobProgress job={row} />,
  },
  {
    id: 'took',
    title: 'Took',
    align: 'right' as const,
    sortable: false,
    value: (row: Job) => jobDuration(row, Date.now()),
  },
  {
    id: 'queued',
    title: 'Queued',
    align: 'right' as const,
    sortable: false,
    value: (row: Job) => row.queuedAt,
    cell: (row: Job) => <Ago at={row.queuedAt} className="text-ink-2" />,
  },
  {
    id: 'act',
    title: '',
    align: 'right' as const,
    sortable: false,
    value: () => null,
    cell: (row: Job) => <JobActions job={row} />,
  },
]
