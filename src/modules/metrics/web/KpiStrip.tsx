import { useQuery } from '@tanstack/react-query'
import { Boundary } from '#ui/Boundary'
import { ButtonLink } from '#ui/Link'
import { Empty, Failure, Skeleton } from '#ui/Nothing'
import { plainTile, tileClasses, TileGrid } from '#ui/TileGrid'
import { LiveKpiTile } from './LiveKpiTile.tsx'
import { metricsQuery } from './metric-api.ts'

const most = 8

/** The numbers of this workspace, side by side like one channel. */
export function KpiStrip() {
  const metrics = useQuery(metricsQuery)
  if (metrics.isError) return <Failure error={metrics.error} retry={() => void metrics.refetch()} />
  if (metrics.data?.length === 0) {
    return (
      <Empty
        title="No numbers yet"
        action={
          <ButtonLink to="/metrics/new" tone="primary">
            Define a metric
          </ButtonLink>
        }
      >
        <p>A metric is a number defined once over a dataset and kept current from then on. Its tile is shown here.</p>
      </Empty>
    )
  }
  return (
    <TileGrid label="Metrics">
      {metrics.data === undefined
        ? Array.from({ length: 4 }, (_, index) => (
            <div key={index} className={`p-4 ${tileClasses(plainTile)}`}>
              <Skeleton className="h-4 w-28" />
            </div>
          ))
        : metrics.data.slice(0, most).map((metric) => (
            <Boundary key={metric.code} className={tileClasses(plainTile)}>
              <LiveKpiTile metric={metric} />
            </Boundary>
          ))}
    </TileGrid>
  )
}
