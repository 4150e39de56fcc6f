import { useQuery } from '@tanstack/react-query'
import type { MetricDefinition } from '#core/metric'
import { Boundary } from '#ui/Boundary'
import { ButtonLink } from '#ui/Link'
import { Empty, Failure, Skeleton } from '#ui/Nothing'
import { plainTile, tileClasses, TileGrid } from '#ui/TileGrid'
import { LiveKpiTile } from './LiveKpiTile.tsx'
import { metricsQuery } from './metric-api.ts'
import { pinItem } from './pin-item.tsx'
import { PinnedTiles } from './PinnedTiles.tsx'
import { TileWithMenu } from './TileWithMenu.tsx'
import { pinsQuery, usePins, type PinControls } from './use-pins.ts'

const maxUnpinned = 8

/** The numbers of this workspace, side by side like one channel: those that are pinned, or else the first ones. */
export function KpiStrip() {
  const metrics = useQuery(metricsQuery)
  const read = useQuery(pinsQuery)
  const pins = usePins()
  const failed = [metrics, read].find(({ isError }) => isError)
  if (failed !== undefined) return <Failure error={failed.error} retry={() => void failed.refetch()} />
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
  if (metrics.data === undefined || pins === undefined) return <Loading />
  const byCode = new Map(metrics.data.map((metric) => [metric.code, metric]))
  const pinned = pins.codes.flatMap((code) => byCode.get(code) ?? [])
  if (pinned.length > 0) return <PinnedTiles pinned={pinned} pins={pins} />
  return <FirstTiles metrics={metrics.data} pins={pins} />
}

/** For somebody who has pinned nothing. */
function FirstTiles({ metrics, pins }: { readonly metrics: readonly MetricDefinition[]; readonly pins: PinControls }) {
  return (
    <>
      <TileGrid label="Metrics" heading>
        {metrics.slice(0, maxUnpinned).map((metric) => (
          <Boundary key={metric.code} className={tileClasses(plainTile)}>
            <TileWithMenu id={metric.code} name={metric.name} size={plainTile} items={[pinItem(pins, metric)]}>
              <LiveKpiTile metric={metric} />
            </TileWithMenu>
          </Boundary>
        ))}
      </TileGrid>
      <p className="mt-2 text-12 text-ink-3">
        {metrics.length > maxUnpinned ? `The first ${maxUnpinned} of ${metrics.length} metrics. ` : ''}
        Pin those you follow, in a tile’s menu or on a metric’s page: then Home shows them, in your order.
      </p>
    </>
  )
}

function Loading() {
  return (
    <TileGrid label="Metrics" heading>
      {Array.from({ length: 4 }, (_, index) => (
        <div key={index} className={`p-4 ${tileClasses(plainTile)}`}>
          <Skeleton className="h-4 w-28" />
        </div>
      ))}
    </TileGrid>
  )
}
