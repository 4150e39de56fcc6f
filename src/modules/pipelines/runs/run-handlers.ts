import { Readable } from 'node:stream'
import { JsonReply, RawReply } from '#kernel/contract'
import type { Handlers } from '#kernel/contract'
import { pageOf } from '#kernel/paging'
import type { pipelinesContract, Run } from '../contract.ts'
import type { PipelineStore } from '../definition/pipeline-store.ts'
import { pipelineErrors } from '../errors.ts'
import type { Operations } from '../operations.ts'
import type { LiveRuns } from './live-runs.ts'
import type { RunStore } from './run-store.ts'

interface RunHandlerParts {
  readonly pipelines: PipelineStore
  readonly runs: RunStore
  readonly live: LiveRuns
  readonly operations: Operations
}

type RunOperation = 'run' | 'runs' | 'runGet' | 'runCancel' | 'runEvents' | 'runLogs'

export function runHandlers({
  pipelines,
  runs,
  live,
  operations,
}: RunHandlerParts): Pick<Handlers<typeof pipelinesContract>, RunOperation> {
  const found = async (workspace: string, id: string): Promise<Run> => {
    const run = await runs.find(workspace, id)
    if (run === undefined) throw pipelineErrors.unknown_run({ id })
    return run
  }
  return {
    run: async ({ workspace, params, query, signal }) => {
      const runId = await operations.run(workspace, params.id, 'person')
      if (query.wait === undefined) return { runId }
      const ended = live.waitForEnd(runId, Math.min(300_000, milliseconds(query.wait)), signal)
      const early = await runs.find(workspace, runId)
      if (early === undefined || early.status === 'queued' || early.status === 'running') await ended
      return new JsonReply(await found(workspace, runId), 200)
    },
    runs: async ({ workspace, params, query }) => {
      await pipelines.get(workspace, params.id)
      return runs.list(workspace, params.id, query)
    },
    runGet: ({ workspace, params }) => found(workspace, params.id),
    runCancel: async ({ workspace, params, signal }) => {
      await operations.cancel(workspace, await found(workspace, params.id), signal)
      return found(workspace, params.id)
    },
    runEvents: async ({ workspace, params, signal }) => {
      await found(workspace, params.id)
      return new RawReply(
        'text/event-stream',
        Readable.from(eventsOf(params.id, () => found(workspace, params.id), live, signal)),
        { 'cache-control': 'no-store' },
      )
    },
    runLogs: async ({ workspace, params, query }) => {
      await found(workspace, params.id)
      const lines = await runs.logs(workspace, params.id)
      return pageOf(
        `pipelines.runLogs:${params.id}`,
        lines.map(({ at, level, message }) => ({ at, level, message })),
        query,
      )
    },
  }
}

/** Progress as it happens; the last event is the run as it ended. */
async function* eventsOf(
  runId: string,
  run: () => Promise<Run>,
  live: LiveRuns,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let wake = (): void => undefined
  let latest: unknown
  const heard = live.listen(runId, (progress) => {
    latest = progress
    wake()
  })
  const gone = (): void => wake()
  signal.addEventListener('abort', gone, { once: true })
  try {
    for (;;) {
      const now = await run()
      yield event('run', now)
      if (now.status !== 'queued' && now.status !== 'running') return
      for (let quiet = 0; quiet < 20 && !signal.aborted; quiet += 1) {
        const woken = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(false), 500)
          wake = () => {
            clearTimeout(timer)
            resolve(true)
          }
          if (latest !== undefined) wake()
        })
        if (!woken && latest === undefined) continue
        const progress = latest as { status: string } | undefined
        latest = undefined
        if (progress === undefined) continue
        if (progress.status !== 'running') break
        yield event('progress', progress)
      }
      if (signal.aborted) return
    }
  } finally {
    heard.close()
    signal.removeEventListener('abort', gone)
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

function milliseconds(wait: string): number {
  const [, amount = '0', unit = 's'] = /^(\d+)(ms|s|m)?$/.exec(wait) ?? []
  return Number(amount) * ({ ms: 1, s: 1000, m: 60_000 }[unit] ?? 1000)
}
