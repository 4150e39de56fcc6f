import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { ButtonLink, Link } from '#ui/Link'
import { Empty, Failure, SkeletonRows } from '#ui/Nothing'
import { formatCount } from '#ui/number'
import { Page, PageHead } from '#ui/Page'
import { dashboardsQuery } from './dashboard-api.ts'

export function DashboardList() {
  const dashboards = useQuery(dashboardsQuery)
  return (
    <Page>
      <PageHead
        title="Dashboards"
        about="Numbers side by side, live over one connection."
        actions={
          <ButtonLink to="/dashboards/new" tone="primary" icon={<Plus size={15} />}>
            Make a dashboard
          </ButtonLink>
        }
      />
      {dashboards.isError && dashboards.data === undefined ? (
        <Failure error={dashboards.error} retry={() => void dashboards.refetch()} />
      ) : dashboards.data === undefined ? (
        <SkeletonRows rows={3} height={56} />
      ) : dashboards.data.length === 0 ? (
        <Empty
          title="No dashboards yet"
          action={
            <ButtonLink to="/dashboards/new" tone="primary">
              Make a dashboard
            </ButtonLink>
          }
        >
          <p>A dashboard is a title and a list of metrics, each in a tile that moves as events arrive.</p>
        </Empty>
      ) : (
        <ul className="border-t border-line">
          {dashboards.data.map(({ id, name, title, tiles }) => (
            <li key={id} className="border-b border-line">
              <Link
                to={`/dashboards/${id}`}
                className="flex min-h-14 items-center gap-4 px-2 py-2 outline-offset-[-2px] hover:bg-hover"
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate text-13 font-medium">{title}</span>
                  <span className="block truncate font-mono text-12 text-ink-3">{name}</span>
                </span>
                <span className="text-12 text-ink-3">{formatCount(tiles.length, 'tile')}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}
