/** Streaming pipelines: one long run that loads the log slice by slice, each slice once. SPEC.md has the states. */
import type { Streams } from '#modules/streams'
import type { Lease, Leases } from '#ports/leases'
import type { Log } from '#ports/log'
import type { Metadata } from '#ports/metadata'
import { Stopped } from '../runs/live-runs.ts'
import type { StopReason } from '../runs/live-runs.ts'
import type { StoredPipeline } from '../definition/pipeline-store.ts'
import { stepsOf } from '../runs/runner.ts'
import type { RunnerParts } from '../runs/runner.ts'
import { followStream } from './follow-stream.ts'
import { sliceIntents } from './slice-intents.ts'
import { streamWaits } from './stream-waits.ts'
import { groupOf, streamOf, type StreamingParts, type StreamingRun } from './streaming-run.ts'

export interface Streaming {
  /** Returns the id of the running run; starts one when there is none. */
  start(workspace: string, pipeline: StoredPipeline): Promise<string>
  /** Loads what is there now, then ends the run. */
  pause(workspace: string, pipelineId: string): Promise<void>
  /** Continues every run that was active when the server ended. */
  open(): Promise<void>
  close(): Promise<void>
}

export function streamingRunner(
  given: RunnerParts & {
    readonly streams: Streams
    readonly eventLog: Pick<Log, 'onAppended' | 'positions'>
    readonly metadata: Metadata
    readonly leases: Leases
  },
): Streaming {
  const { positions } = given.eventLog
  const waits = streamWaits(given.eventLog, given.clock)
  const parts: StreamingParts = { ...given, positions, waits, intents: sliceIntents(given.metadata, positions) }
  const { runs, live, streams } = parts
  const loops = new Map<string, Promise<void>>()

  function launch(workspace: string, pipeline: StoredPipeline, runId: string): void {
    const stop = new AbortController()
    let drain = false
    live.started(runId, (reason: StopReason) => {
      if (reason === 'paused') drain = true
      else stop.abort(new Stopped(reason))
      waits.wake(workspace, streamOf(pipeline))
    })
    const signal = AbortSignal.any([stop.signal, parts.stopping])
    const loop = holdAndFollow(parts, { workspace, pipeline, runId, signal, draining: () => drain })
      .catch((error: unknown) =>
        parts.log.error({ err: error, run: runId }, 'a streaming run could not be written down'),
      )
      .finally(() => {
        live.ended(runId)
        loops.delete(runId)
      })
    loops.set(runId, loop)
  }

  return {
    start: async (workspace, pipeline) => {
      const [running] = await runs.unfinished(workspace, pipeline.id)
      if (running !== undefined) return running.id
      const group = groupOf(parts, workspace, pipeline)
      if (
        pipeline.spec.source.config['from'] === 'end' &&
        (await group.position()) === positions.start &&
        (await runs.latest(workspace, [pipeline.id])).size === 0
      ) {
        const end = await streams.end(workspace, streamOf(pipeline)).catch(() => positions.start)
        if (end !== positions.start) await group.commit(end)
      }
      const runId = await runs.create(workspace, pipeline, 'stream', stepsOf(pipeline))
      launch(workspace, pipeline, runId)
      return runId
    },
    pause: async (workspace, pipelineId) => {
      for (const run of await runs.unfinished(workspace, pipelineId)) live.stop(run.id, 'paused')
    },
    open: async () => {
      for (const run of await runs.allUnfinished()) {
        if (run.trigger !== 'stream') continue
        const pipeline = await parts.pipelines.get(run.workspace, run.pipelineId).catch(() => undefined)
        if (pipeline === undefined) await runs.end(run.workspace, run.id, { status: 'cancelled' })
        else {
          launch(run.workspace, pipeline, run.id)
          if (pipeline.status === 'paused') live.stop(run.id, 'paused')
        }
      }
    },
    close: async () => {
      waits.close()
      await Promise.all(loops.values())
    },
  }
}

async function holdAndFollow(parts: StreamingParts, run: Omit<StreamingRun, 'lease'>): Promise<void> {
  const { workspace, pipeline, runId, signal } = run
  let lease: Lease
  try {
    const name = `pipelines/stream/${workspace}/${pipeline.id}`
    lease = await parts.leases.acquire(name, { waitMs: parts.leases.takeOverMs, signal })
  } catch (error) {
    if (parts.stopping.aborted) return
    if (!signal.aborted) throw error
    await parts.runs.end(workspace, runId, { status: 'cancelled' })
    return
  }
  try {
    await followStream(parts, { ...run, lease, signal: AbortSignal.any([signal, lease.lost]) })
  } finally {
    await lease.release()
  }
}
