import { useQuery, useQueryClient } from '@tanstack/react-query'
import { MoreHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Confirmation } from '#ui/Dialog'
import { Link } from '#ui/Link'
import { Menu } from '#ui/Menu'
import { Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { request } from '#ui/request'
import { Tabs } from '#ui/Tabs'
import { toast } from '#ui/Toasts'
import { useGo, useParam, useUrlState } from '#ui/url-state'
import { measureText } from './measure-text.ts'
import { metricPath, metricQuery } from './metric-api.ts'
import { MetricDefinitionTab } from './MetricDefinitionTab.tsx'
import { MetricNumbers } from './MetricNumbers.tsx'

export function MetricDetail() {
  const code = useParam('code')
  const metric = useQuery(metricQuery(code))
  const [url, changeUrl] = useUrlState()
  const [removing, setRemoving] = useState(false)
  const queries = useQueryClient()
  const go = useGo()
  if (metric.isError) {
    return (
      <Page>
        <PageHead title={code} above={<Link to="/metrics">Metrics</Link>} />
        <Failure error={metric.error} retry={() => void metric.refetch()} />
      </Page>
    )
  }
  const definition = metric.data
  const remove = async (): Promise<void> => {
    await request('DELETE', metricPath(code))
    toast(`Metric ${code} deleted`)
    go('/metrics')
    await queries.invalidateQueries({ queryKey: ['metrics'], exact: true })
  }
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
        about={
          definition === undefined
            ? undefined
            : (definition.description ?? (
                <>
                  {measureText(definition.measure)} over{' '}
                  <Link
                    to={`/datasets/${definition.dataset}`}
                    className="underline decoration-line-strong underline-offset-2 hover:text-ink"
                  >
                    {definition.dataset}
                  </Link>
                </>
              ))
        }
        actions={
          <Menu
            label="More"
            trigger={<Button tone="quiet" label="More" icon={<MoreHorizontal size={16} />} />}
            groups={[
              [
                {
                  id: 'delete',
                  title: 'Delete metric',
                  icon: <Trash2 size={15} />,
                  danger: true,
                  onSelect: () => setRemoving(true),
                },
              ],
            ]}
          />
        }
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
      <Confirmation
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Delete ${definition?.name ?? code}?`}
        about={`The metric "${code}" and what was folded for it are gone. The rows of its dataset stay.`}
        verb="Delete metric"
        onConfirm={remove}
      />
    </Page>
  )
}
