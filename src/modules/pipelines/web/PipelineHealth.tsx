import { useQuery } from '@tanstack/react-query'
import { ButtonLink, Link } from '#ui/Link'
import { Empty, Failure, SkeletonRows } from '#ui/Nothing'
import { StatusMark } from '#ui/Status'
import { Ago } from '#ui/Time'
import { formatCompactCount } from '#ui/number'
import { aboutStep, wordFor } from './pipeline-flow.ts'
import { pipelinesQuery } from './pipeline-api.ts'
import { RejectedLink } from './RejectedLink.tsx'
import { byHealth, healthOf } from './health-words.ts'
import { RecentRuns } from './RecentRuns.tsx'

const maxShown = 8

/** Pipelines, those that need somebody first, with their last runs. */
export function PipelineHealth() {
  const pipelines = useQuery({ ...pipelinesQuery, refetchInterval: 5_000 })
  if (pipelines.isError && pipelines.data === undefined)
    return <Failure error={pipelines.error} retry={() => void pipelines.refetch()} />
  if (pipelines.data === undefined) return <SkeletonRows rows={3} height={56} />
  if (pipelines.data.length === 0) {
    return (
      <Empty title="No pipelines yet" action={<ButtonLink to="/pipelines/new">Create a pipeline</ButtonLink>}>
        <p>Their health and last runs are shown here.</p>
      </Empty>
    )
  }
  return (
    <ul className="border-t border-line">
      {pipelines.data
        .toSorted(byHealth)
        .slice(0, maxShown)
        .map((pipeline) => {
          const { tone, word } = healthOf(pipeline)
          return (
            <li key={pipeline.id} className="border-b border-line">
              <Link
                to={`/pipelines/${pipeline.id}`}
                className="flex min-h-14 items-center gap-3 px-2 py-2 outline-offset-[-2px] hover:bg-hover"
              >
                <StatusMark tone={tone} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate text-13 font-medium">{pipeline.name}</span>
                  <span className="block truncate text-12 text-ink-3">
                    {`${word} · ${wordFor(pipeline.source.type)} → ${aboutStep(pipeline.destination.config) ?? wordFor(pipeline.destination.type)}`}
                  </span>
                </span>
                <RecentRuns pipeline={pipeline} />
                <span className="figures w-24 text-right text-12 text-ink-2 max-sm:hidden">
                  <span className="block">
                    {pipeline.lastRun === undefined || pipeline.lastRun === null
                      ? ''
                      : formatCompactCount(pipeline.lastRun.rows.written, 'row')}
                  </span>
                  <Ago at={pipeline.lastRun?.startedAt} className="text-ink-3" />
                </span>
              </Link>
              <RejectedLink run={pipeline.lastRun} className="mb-2 ml-8" />
            </li>
          )
        })}
    </ul>
  )
}
