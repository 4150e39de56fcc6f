/** The loop of a streaming run: slice after slice, until it is paused, cancelled, or fails for good. */
import { isMillraceError } from '#core/errors'
import { systemReader } from '#modules/datasets'
import { isTransient } from '#sdk'
import { LeaseLost } from '#ports/leases'
import type { Position } from '#ports/log'
import type { Run } from '../contract.ts'
import { explained } from '../runs/explain.ts'
import { recorder } from '../runs/recorder.ts'
import { runContext } from '../runs/run-context.ts'
import { errorOf, finish } from '../runs/runner.ts'
import { countsBefore, loadSlice, type SliceTools } from './load-slice.ts'
import { sliceLog } from './slice-log.ts'
import { streamOf, type StreamingParts, type StreamingRun } from './streaming-run.ts'

/** Between two slices, so that rows gather. */
const restMs = 200
const maxFailures = 8

export async function followStream(parts: StreamingParts, run: StreamingRun): Promise<void> {
  const { workspace, pipeline, runId, signal, draining } = run
  const attempt = await parts.runs.begin(workspace, runId)
  const stored = await parts.runs.find(workspace, runId)
  if (attempt === undefined || stored === undefined) return
  const tools = await openTools(parts, run, stored, attempt)
  let end: Position | undefined
  let failures = 0
  for (;;) {
    try {
      if (draining()) end ??= await parts.streams.end(workspace, streamOf(pipeline))
      const loaded = await loadSlice(parts, run, tools, end)
      failures = 0
      if (!loaded && draining()) {
        tools.log.flush()
        tools.record.log('info', 'Paused: everything up to the pause is loaded.')
        return await finish(parts, tools.record, { workspace, runId, status: 'succeeded' })
      }
      if (loaded) await parts.clock.sleep(restMs, signal)
      else {
        if (tools.log.due()) await tools.record.flush()
        await parts.waits.untilAppended(workspace, streamOf(pipeline), signal)
      }
    } catch (error) {
      failures += 1
      if (await endsWith(error, parts, run, { ...tools, stored, failures })) return
      await parts.clock.sleep(Math.min(30_000, 250 * 2 ** failures), signal).catch(() => undefined)
    }
  }
}

async function openTools(parts: StreamingParts, run: StreamingRun, stored: Run, attempt: number): Promise<SliceTools> {
  const { workspace, runId, signal } = run
  const counts = await countsBefore(parts, run, stored)
  const firstLine = (await parts.runs.logs(workspace, runId)).at(-1)?.number ?? 0
  const record = recorder(
    { workspace, id: runId, steps: stored.steps, counts, firstLine, rolling: true },
    { store: parts.runs, clock: parts.clock, tell: parts.live.tell },
  )
  const former = await runContext(parts.needs, systemReader('pipelines', workspace), runId, { signal, seconds: 60 })
  await former.stages.clear().catch(() => undefined)
  if (attempt > 1) record.log('info', 'The server was started again; the run continues where it stopped.')
  // The tables of each attempt have names of their own: a late statement of another attempt finds none of them.
  return { record, log: sliceLog(record, parts.clock), owner: `${runId}_${attempt}` }
}

/** Writes down how the run ends; returns false when the failure can pass by itself and the run tries again. */
async function endsWith(
  error: unknown,
  parts: StreamingParts,
  { workspace, pipeline, runId, lease, signal }: StreamingRun,
  { record, log, stored, failures }: SliceTools & { readonly stored: Run; readonly failures: number },
): Promise<boolean> {
  // Another server continues the run and records its outcome.
  if (lease.lost.aborted || error instanceof LeaseLost) return true
  log.flush()
  if (parts.stopping.aborted) {
    await record.flush().catch(() => undefined)
    return true
  }
  if (signal.aborted) {
    record.fail(record.current(), 'Cancelled.')
    await parts.pipelines.setStatus(workspace, pipeline.id, 'paused').catch(() => undefined)
    await finish(parts, record, { workspace, runId, status: 'cancelled' })
    return true
  }
  const problem = isMillraceError(error) ? error : explained(error, () => undefined)
  record.log('error', problem.message)
  if (isTransient(problem) && failures < maxFailures) return false
  const step = stored.steps[record.current()]?.name
  record.fail(record.current(), problem.message)
  await parts.pipelines.setStatus(workspace, pipeline.id, 'paused').catch(() => undefined)
  await finish(parts, record, { workspace, runId, status: 'failed', error: errorOf(problem, step) })
  return true
}
