import { useQuery } from '@tanstack/react-query'
import { metricsQuery } from '#modules/metrics/web'
import { Link } from '#ui/Link'
import { Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { useParam } from '#ui/url-state'
import { readOnOpen, useOpened } from '#ui/use-opened'
import { dashboardQuery } from './dashboard-api.ts'
import { DashboardEditor } from './DashboardEditor.tsx'

/** Creates a dashboard, or changes one in place. */
export function DashboardForm() {
  const id = useParam('id')
  const editing = id !== ''
  const dashboard = useQuery({ ...dashboardQuery(id), ...readOnOpen, enabled: editing })
  const { opened, reopen } = useOpened(dashboard)
  const metrics = useQuery(metricsQuery)
  const failed = [dashboard, metrics].find(({ isError }) => isError)
  if (metrics.data !== undefined && (!editing || opened !== undefined))
    return <DashboardEditor existing={opened} metrics={metrics.data} onTakeNewer={reopen} />
  return (
    <Page wide>
      <PageHead
        title={editing ? 'Edit dashboard' : 'Make a dashboard'}
        above={
          <Link to="/dashboards" className="hover:text-ink">
            Dashboards
          </Link>
        }
      />
      {failed === undefined ? (
        <Skeleton className="h-96 w-full" />
      ) : (
        <Failure error={failed.error} retry={() => void failed.refetch()} />
      )}
    </Page>
  )
}
