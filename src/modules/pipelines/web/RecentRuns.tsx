import { useQuery } from '@tanstack/react-query'
import { RunBars } from '#ui/RunBars'
import { useNow } from '#ui/use-now'
import { runsQuery, type Pipeline } from './pipeline-api.ts'
import { barsOf } from './run-words.ts'

/** The last runs as small bars, each a link to its run. */
export function RecentRuns({ pipeline, slots = 14 }: { readonly pipeline: Pipeline; readonly slots?: number }) {
  const runs = useQuery({ ...runsQuery(pipeline.id, slots), refetchInterval: 10_000 })
  const now = useNow(10_000)
  const bars = barsOf((runs.data ?? []).slice(0, slots), now)
  return <RunBars label={`Last runs of ${pipeline.name}`} runs={bars} slots={slots} height={20} width={4} />
}
