import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { parseJsonValue } from '#core/parse-json'
import { isOver, runQuery, type Run } from './pipeline-api.ts'

/** A run that moves while it runs: by server-sent events, and read now and then besides. */
export function useLiveRun(listed: Run | undefined, id: string | undefined): Run | undefined {
  const queries = useQueryClient()
  const read = useQuery({
    ...runQuery(id ?? ''),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data !== undefined && isOver(state.data) ? false : 3_000),
  })
  const run = read.data ?? listed
  const over = run === undefined || isOver(run)
  useEffect(() => {
    if (id === undefined || over) return undefined
    const source = new EventSource(`/api/v1/runs/${encodeURIComponent(id)}/events`)
    const take = ({ data }: MessageEvent<string>): void => {
      const update = parseJsonValue(data) as Partial<Run>
      if (update.id === id && update.rows !== undefined && update.steps !== undefined)
        queries.setQueryData(runQuery(id).queryKey, update as Run)
      else void queries.invalidateQueries({ queryKey: runQuery(id).queryKey })
    }
    source.onmessage = take
    for (const name of ['run', 'progress', 'step', 'finished']) source.addEventListener(name, take as EventListener)
    source.onerror = () => source.close()
    return () => {
      source.close()
      void queries.invalidateQueries({ queryKey: ['pipelines'] })
    }
  }, [id, over, queries])
  return run
}
