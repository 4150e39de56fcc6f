import { useQuery } from '@tanstack/react-query'
import { Suspense, type ReactNode } from 'react'
import type { PeriodName } from '#core/period'
import { MetricTile, metricsQuery, newest } from '#modules/metrics/web'
import { Boundary } from '#ui/Boundary'
import { ExportMenu } from '#ui/ExportMenu'
import { Freshness } from '#ui/Freshness'
import { ButtonLink, Link } from '#ui/Link'
import { LiveToggle } from '#ui/LiveToggle'
import { Empty, Failure, Skeleton } from '#ui/Nothing'
import { formatNumber } from '#ui/number'
import { Page, PageHead } from '#ui/Page'
import { Segments } from '#ui/Segments'
import { SpokenValue } from '#ui/SpokenValue'
import { plainTile, tileClasses, TileGrid, type TileSize } from '#ui/TileGrid'
import { useParam, useUrlState } from '#ui/url-state'
import { useZone } from '#ui/use-zone'
import { ZoneSelect } from '#ui/ZoneSelect'
import { dashboardQuery, type Dashboard } from './dashboard-api.ts'
import { dashboardExport } from './dashboard-export.ts'
import { DashboardActions } from './DashboardActions.tsx'
import { filterText, pointsOfTile } from './tile-points.ts'
import { tileSizes } from './tile-sizes.ts'
import { useStreamingDashboard } from './use-streaming-dashboard.ts'

const periods = [
  { value: 'minute', title: 'Minute' },
  { value: 'hour', title: 'Hour' },
  { value: 'day', title: 'Day' },
] as const

export function DashboardView() {
  const id = useParam('id')
  const dashboard = useQuery(dashboardQuery(id))
  if (dashboard.data !== undefined)
    return <StreamingDashboard key={dashboard.data.version} dashboard={dashboard.data} />
  return (
    <Page wide>
      <PageHead title="Dashboard" above={<Link to="/dashboards">Dashboards</Link>} />
      {dashboard.isError ? (
        <Failure error={dashboard.error} retry={() => void dashboard.refetch()} />
      ) : (
        <Skeleton className="h-96 w-full" />
      )}
    </Page>
  )
}

/** A grid of live tiles over one connection; period and zone are kept in the URL. */
function StreamingDashboard({ dashboard }: { readonly dashboard: Dashboard }) {
  const [url, changeUrl] = useUrlState()
  const zone = useZone()
  const period: PeriodName = periods.find(({ value }) => value === url['period'])?.value ?? 'hour'
  const metrics = useQuery(metricsQuery)
  const live = useStreamingDashboard(dashboard, period, zone)
  const sizes = tileSizes(dashboard.tiles)
  const lead = dashboard.tiles[0]
  const leadName = lead?.title ?? metrics.data?.find(({ code }) => code === lead?.metric)?.name
  const leadValue = lead === undefined ? undefined : newest(pointsOfTile(live.points, lead, 0))?.value
  return (
    <Page wide>
      <PageHead
        title={dashboard.title}
        above={
          <Link to="/dashboards" className="hover:text-ink">
            Dashboards
          </Link>
        }
        about={dashboard.description}
        state={dashboard.tiles.length > 0 && <Freshness link={live.link} heardAt={live.heardAt} />}
        actions={
          <>
            <PeriodSelector
              period={period}
              onChange={(value) => changeUrl({ period: value === 'hour' ? undefined : value }, { keep: true })}
            />
            <div className="w-44">
              <ZoneSelect
                id="dashboard-zone"
                aria-label="Time zone"
                value={zone}
                onChange={(value) => changeUrl({ zone: value }, { keep: true })}
              />
            </div>
            <LiveToggle link={live.link} pause={live.pause} go={live.go} />
            {dashboard.tiles.length > 0 && metrics.data !== undefined && (
              <ExportMenu
                what="the numbers of all tiles"
                source={() => dashboardExport(dashboard, period, zone, metrics.data)}
              />
            )}
            <DashboardActions id={dashboard.id} title={dashboard.title} />
          </>
        }
      />
      <SpokenValue
        text={leadName === undefined || leadValue === undefined ? '' : `${leadName}: ${formatNumber(leadValue)}`}
      />
      {metrics.isError && <Failure error={metrics.error} retry={() => void metrics.refetch()} />}
      {dashboard.tiles.length === 0 ? (
        <Empty
          title="Nothing on it yet"
          action={
            <ButtonLink to={`/dashboards/${dashboard.id}/edit`} tone="primary">
              Add tiles
            </ButtonLink>
          }
        >
          <p>Each tile shows a metric as it moves. Choose the numbers that belong together.</p>
        </Empty>
      ) : (
        <TileGrid label="Tiles">
          {dashboard.tiles.map((tile, index) => (
            <TilePlace key={`${tile.metric} ${index}`} size={sizes[index] ?? plainTile}>
              <MetricTile
                code={tile.metric}
                title={tile.title}
                filter={filterText(tile)}
                grouped={tile.by !== undefined}
                metric={metrics.data?.find(({ code }) => code === tile.metric)}
                known={metrics.data !== undefined}
                period={period}
                zone={zone}
                points={pointsOfTile(live.points, tile, index)}
                link={live.link}
                heardAt={live.heardAt}
                size={sizes[index] ?? plainTile}
              />
            </TilePlace>
          ))}
        </TileGrid>
      )}
    </Page>
  )
}

/** A tile that breaks, or is not loaded yet, leaves the others standing. */
function TilePlace({ size, children }: { readonly size: TileSize; readonly children: ReactNode }) {
  return (
    <Boundary className={tileClasses(size)}>
      <Suspense fallback={<Skeleton className={tileClasses(size)} />}>{children}</Suspense>
    </Boundary>
  )
}

export function PeriodSelector({
  period,
  onChange,
}: {
  readonly period: PeriodName
  readonly onChange: (period: PeriodName) => void
}) {
  return (
    <Segments
      label="Period"
      options={periods}
      value={period as (typeof periods)[number]['value']}
      onChange={onChange}
    />
  )
}
