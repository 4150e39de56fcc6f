import { useQuery } from '@tanstack/react-query'
import { ButtonLink, Link } from '#ui/Link'
import { Empty, Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { typedRequest } from '#kernel/client'
import type { datasetsContract } from '#modules/datasets/contract'
import { request } from '#ui/request'
import { useParam, useUrlState } from '#ui/url-state'
import { readOnOpen, useOpened } from '#ui/use-opened'
import { metricQuery } from './metric-api.ts'
import { blankDraft, draftOf } from './metric-draft.ts'
import { MetricDraftForm } from './MetricDraftForm.tsx'

const askDatasets = typedRequest<typeof datasetsContract>(request)

/** Defines a new metric, or changes one. */
export function MetricForm() {
  const [url] = useUrlState()
  const code = useParam('code')
  const editing = code !== ''
  const datasets = useQuery({
    queryKey: ['datasets'],
    queryFn: async ({ signal }) => (await askDatasets('GET /api/v1/datasets', { query: { limit: 500 }, signal })).items,
  })
  const metric = useQuery({ ...metricQuery(code), ...readOnOpen, enabled: editing })
  const { opened, reopen } = useOpened(metric)
  const failed = [datasets, metric].find(({ isError }) => isError)
  return (
    <Page>
      <PageHead
        title={editing ? `Edit ${metric.data?.name ?? code}` : 'Define a metric'}
        above={
          <>
            <Link to="/metrics" className="hover:text-ink">
              Metrics
            </Link>
            {editing && (
              <>
                {' / '}
                <Link to={`/metrics/${code}`} className="font-mono hover:text-ink">
                  {code}
                </Link>
              </>
            )}
          </>
        }
        about={
          editing
            ? 'Every page and every answer that names this code follows from here.'
            : 'Say what is counted over which rows, and by which time. It is computed as rows arrive.'
        }
      />
      {failed !== undefined ? (
        <Failure error={failed.error} retry={() => void failed.refetch()} />
      ) : datasets.data === undefined || (editing && opened === undefined) ? (
        <Skeleton className="h-96 w-full" />
      ) : opened !== undefined ? (
        <MetricDraftForm datasets={datasets.data} start={draftOf(opened)} existing={opened} onTakeNewer={reopen} />
      ) : datasets.data.length === 0 ? (
        <Empty
          title="A metric needs a dataset"
          action={
            <ButtonLink to="/datasets" tone="primary">
              See how to send rows
            </ButtonLink>
          }
        >
          <p>Send events or run a pipeline first; then define numbers over the rows.</p>
        </Empty>
      ) : (
        <MetricDraftForm
          datasets={datasets.data}
          start={blankDraft(datasets.data.find(({ name }) => name === url['dataset']) ?? datasets.data[0]!)}
          existing={undefined}
          onTakeNewer={reopen}
        />
      )}
    </Page>
  )
}
