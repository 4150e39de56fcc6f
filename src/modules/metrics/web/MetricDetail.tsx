import { useQuery } from '@tanstack/react-query'
import { Link } from '#ui/Link'
import { Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { Status } from '#ui/Status'
import { Tabs } from '#ui/Tabs'
import { useParam, useUrlState } from '#ui/url-state'
import type { Metric } from '../contract.ts'
import { measureText, whereText } from './measure-text.ts'
import { metricQuery } from './metric-api.ts'
import { MetricActions } from './MetricActions.tsx'
import { MetricDefinitionTab } from './MetricDefinitionTab.tsx'
import { MetricNumbers } from './MetricNumbers.tsx'

export function MetricDetail() {
  const code = useParam('code')
  const metric = useQuery({
    ...metricQuery(code),
    refetchInterval: ({ state }) => (state.data?.state === 'folding' ? 2_000 : 30_000),
  })
  const [url, changeUrl] = useUrlState()
  if (metric.isError && metric.data === undefined) {
    return (
      <Page>
        <PageHead title={code} above={<Link to="/metrics">Metrics</Link>} />
        <Failure error={metric.error} retry={() => void metric.refetch()} />
      </Page>
    )
  }
  const definition = metric.data
  return (
    <Page wide>
      <PageHead
        title={definition?.name ?? code}
        above={
          <>
            <Link to="/metrics" className="hover:text-ink">
              Metrics
            </Link>{' '}
            / <span className="font-mono">{code}</span>
          </>
        }
        state={definition !== undefined && stateMark(definition)}
        about={
          definition === undefined ? undefined : (
            <>
              {definition.description !== undefined && <span className="block">{definition.description}</span>}
              {measureText(definition.measure)} over{' '}
              <Link
                to={`/datasets/${definition.dataset}`}
                className="underline decoration-line-strong underline-offset-2 hover:text-ink"
              >
                {definition.dataset}
              </Link>
              {whereText(definition.filter)}
            </>
          )
        }
        actions={<MetricActions code={code} name={definition?.name ?? code} />}
      />
      {definition === undefined ? (
        <Skeleton className="h-[480px] w-full" />
      ) : (
        <Tabs
          label="Metric"
          open={url['tab'] ?? 'numbers'}
          onOpen={(tab) => changeUrl({ tab: tab === 'numbers' ? undefined : tab })}
          tabs={[
            { id: 'numbers', title: 'Numbers', content: <MetricNumbers metric={definition} /> },
            { id: 'definition', title: 'Definition', content: <MetricDefinitionTab metric={definition} /> },
          ]}
        />
      )}
    </Page>
  )
}

function stateMark({ state, dataset }: Metric): React.ReactNode {
  if (state === 'folding')
    return (
      <Status tone="busy" title="Values are read from the rows until all of them are folded">
        Recomputing
      </Status>
    )
  if (state === 'broken')
    return (
      <Status tone="bad" title={`The dataset "${dataset}" lost something this metric needs. Edit the metric.`}>
        Does not fit its dataset
      </Status>
    )
  return undefined
}
