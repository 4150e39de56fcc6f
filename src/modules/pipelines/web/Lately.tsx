import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '#ui/Link'
import { SkeletonRows } from '#ui/Nothing'
import { StatusMark } from '#ui/Status'
import { Ago } from '#ui/Time'
import { formatCount } from '#ui/number'
import { pipelinesQuery, runsQuery } from './pipeline-api.ts'
import { happened, lastAtWork } from './happened.ts'
import { RejectedLink } from './RejectedLink.tsx'

const maxLines = 14

/** What happened lately, newest first, each line a link. */
export function Lately() {
  const pipelines = useQuery(pipelinesQuery)
  const asked = lastAtWork(pipelines.data ?? [], 12)
  const runs = useQueries({ queries: asked.map(({ id }) => ({ ...runsQuery(id, 14), refetchInterval: 10_000 })) })
  const names = new Map(asked.map(({ id, name }) => [id, name]))
  const lines = happened(runs.flatMap(({ data }) => data ?? [])).slice(0, maxLines)
  // Nothing came yet is another thing than nothing happened.
  if (pipelines.isPending || (lines.length === 0 && runs.some(({ isPending }) => isPending)))
    return <SkeletonRows rows={6} height={36} />
  if (lines.length === 0)
    return <p className="border-t border-line py-4 text-13 text-ink-3">Runs and their outcomes appear here.</p>
  return (
    <ol className="border-t border-line">
      {lines.map(({ run, at, tone, does }) => (
        <li key={`${run.id} ${does}`} className="border-b border-line">
          <Link
            to={`/pipelines/${run.pipelineId}`}
            search={{ run: run.id }}
            className="touch flex min-h-9 items-center gap-2.5 px-2 py-1 text-13 outline-offset-[-2px] hover:bg-hover"
          >
            <StatusMark tone={tone} />
            <span className="min-w-0 flex-1 truncate">
              <span className="font-medium">{names.get(run.pipelineId) ?? 'A pipeline'}</span>{' '}
              <span className="text-ink-2">{does}</span>
              {run.rows.written > 0 && (
                <span className="text-ink-3">{`, ${formatCount(run.rows.written, 'row')}`}</span>
              )}
            </span>
            <Ago at={at} className="text-12 text-ink-3" />
          </Link>
          <RejectedLink run={run} className="mb-1.5 ml-[30px]" />
        </li>
      ))}
    </ol>
  )
}
