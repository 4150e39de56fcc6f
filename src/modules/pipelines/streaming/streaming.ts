/** Streaming pipelines: one long run that loads the log slice by slice, each slice once. SPEC.md has the states. */
import { isMillraceError } from '#core/errors'
import { systemReader } from '#modules/datasets'
import type { Streams } from '#modules/streams'
import { isTransient } from '#sdk'
import type { Slice } from '#sdk'
import { LeaseLost, type Lease, type Leases } from '#ports/leases'
import type { Log, Position } from '#ports/log'
import type { Metadata } from '#ports/metadata'
import type { Run } from '../contract.ts'
import { explained } from '../runs/explain.ts'
import { Stopped } from '../runs/live-runs.ts'
import type { StopReason } from '../runs/live-runs.ts'
import type { StoredPipeline } from '../definition/pipeline-store.ts'
import { requireOwnerRights } from '../runs/owner-rights.ts'
import { recorder } from '../runs/recorder.ts'
import type { Counts, Recorder } from '../runs/recorder.ts'
import { runContext } from '../runs/run-context.ts'
import { errorOf, finish, stepsOf } from '../runs/runner.ts'
import type { RunnerParts } from '../runs/runner.ts'
import { runPart } from '../runs/run-part.ts'
import { sliceLog } from './slice-log.ts'
import type { SliceLog } from './slice-log.ts'

export interface Streaming {
  /** Returns the id of the running run; starts one when there is none. */
  start(workspace: string, pipeline: StoredPipeline): Promise<string>
  /** Loads what is there now, then ends the run. */
  pause(workspace: string, pipelineId: string): Promise<void>
  /** Goes on with every run that was at work when the server ended. */
  open(): Promise<void>
  close(): Promise<void>
}

const maxRows = 200_000
const lingerMs = 200
const idleMs = 5_000
const maxFailures = 8
/** Long enough for a former server to count as dead. */
const waitForLeaseMs = 15_000

/** A run that this server works on: the lease says that no other does. */
interface Following {
  readonly workspace: string
  readonly pipeline: StoredPipeline
  readonly runId: string
  readonly lease: Lease
  readonly signal: AbortSignal
  readonly draining: () => boolean
}

export function streamingRunner(
  parts: RunnerParts & {
    readonly streams: Streams
    readonly eventLog: Pick<Log, 'onAppended' | 'positions'>
    readonly metadata: Metadata
    readonly leases: Leases
  },
): Streaming {
  const { runs, live, streams, clock } = parts
  const { positions } = parts.eventLog
  const loops = new Map<string, Promise<void>>()
  const wakers = new Map<string, Set<() => void>>()
  const heard = parts.eventLog.onAppended(({ topic }) => {
    for (const wake of wakers.get(`${topic.workspace}/${topic.name}`) ?? []) wake()
  })

  function launch(workspace: string, pipeline: StoredPipeline, runId: string): void {
    const stop = new AbortController()
    let drain = false
    live.started(runId, (reason: StopReason) => {
      if (reason === 'paused') drain = true
      else stop.abort(new Stopped(reason))
      wakeAll()
    })
    const wakeAll = (): void => {
      for (const wake of wakers.get(`${workspace}/${streamOf(pipeline)}`) ?? []) wake()
    }
    const signal = AbortSignal.any([stop.signal, parts.stopping])
    const loop = holdAndFollow({ workspace, pipeline, runId, signal, draining: () => drain })
      .catch((error: unknown) =>
        parts.log.error({ err: error, run: runId }, 'a streaming run could not be written down'),
      )
      .finally(() => {
        live.ended(runId)
        loops.delete(runId)
      })
    loops.set(runId, loop)
  }

  async function holdAndFollow(run: Omit<Following, 'lease'>): Promise<void> {
    const { workspace, pipeline, runId, signal } = run
    let lease: Lease
    try {
      const name = `pipelines/stream/${workspace}/${pipeline.id}`
      lease = await parts.leases.acquire(name, { waitMs: waitForLeaseMs, signal })
    } catch (error) {
      if (parts.stopping.aborted) return
      if (!signal.aborted) throw error
      await runs.end(workspace, runId, { status: 'cancelled' })
      return
    }
    try {
      await follow({ ...run, lease, signal: AbortSignal.any([signal, lease.lost]) })
    } finally {
      await lease.release()
    }
  }

  async function follow(following: Following): Promise<void> {
    const { workspace, pipeline, runId, lease, signal, draining } = following
    const attempt = await runs.begin(workspace, runId)
    const run = await runs.find(workspace, runId)
    if (attempt === undefined || run === undefined) return
    const counts = await countsOf(workspace, pipeline, run)
    const firstLine = (await runs.logs(workspace, runId)).at(-1)?.number ?? 0
    const record = recorder(
      { workspace, id: runId, steps: run.steps, counts, firstLine, rolling: true },
      { store: runs, clock, tell: live.tell },
    )
    const log = sliceLog(record, clock)
    // The tables of each attempt have names of their own: a late statement of another attempt finds none of them.
    const owner = `${runId}_${attempt}`
    const former = await runContext(parts.needs, systemReader('pipelines', workspace), runId, { signal, seconds: 60 })
    await former.stages.clear().catch(() => undefined)
    if (attempt > 1) record.log('info', 'The server was started again; the run goes on where it stood.')
    let end: Position | undefined
    let failures = 0
    for (;;) {
      try {
        if (draining()) end ??= await streams.end(workspace, streamOf(pipeline))
        const moved = await oneSlice({ ...following, owner }, record, log, end)
        failures = 0
        if (!moved && draining()) {
          log.flush()
          record.log('info', 'Paused: everything up to the pause is loaded.')
          return await finish(parts, record, { workspace, runId, status: 'succeeded' })
        }
        if (moved) await clock.sleep(lingerMs, signal)
        else {
          if (log.due()) await record.flush()
          await appended(workspace, streamOf(pipeline), signal)
        }
      } catch (error) {
        // Another server goes on with the run, and writes down what becomes of it.
        if (lease.lost.aborted || error instanceof LeaseLost) return
        log.flush()
        if (parts.stopping.aborted) return await record.flush().catch(() => undefined)
        if (signal.aborted) {
          record.fail(record.current(), 'Cancelled.')
          await parts.pipelines.setStatus(workspace, pipeline.id, 'paused').catch(() => undefined)
          return await finish(parts, record, { workspace, runId, status: 'cancelled' })
        }
        failures += 1
        const problem = isMillraceError(error) ? error : explained(error, () => undefined)
        record.log('error', problem.message)
        if (!isTransient(problem) || failures >= maxFailures) {
          const step = run.steps[record.current()]?.name
          record.fail(record.current(), problem.message)
          await parts.pipelines.setStatus(workspace, pipeline.id, 'paused').catch(() => undefined)
          return await finish(parts, record, { workspace, runId, status: 'failed', error: errorOf(problem, step) })
        }
        await clock.sleep(Math.min(30_000, 250 * 2 ** failures), signal).catch(() => undefined)
      }
    }
  }

  /** False when there is nothing new. What is loaded is written down first, so that a retry loads exactly the same rows under the same id. */
  async function oneSlice(
    { workspace, pipeline, runId, owner, lease, signal }: Following & { readonly owner: string },
    record: Recorder,
    log: SliceLog,
    until: Position | undefined,
  ): Promise<boolean> {
    const stream = streamOf(pipeline)
    const group = streams.group(workspace, stream, `pipeline:${pipeline.id}`)
    const after = await group.position()
    const intended = await intent(workspace, pipeline.id)
    const end = until ?? (await streams.end(workspace, stream))
    const repeated = intended?.after === after && !positions.covers(after, intended.to) ? intended : undefined
    const slice: Slice = { after, to: repeated?.to ?? positions.advance(after, end, maxRows) }
    if (positions.covers(after, slice.to)) return false
    await intend(lease, { workspace, pipelineId: pipeline.id }, slice, record.base(repeated?.counts))
    log.begin()
    const validated = await parts.pipelines.validate(workspace, pipeline)
    const reader = await requireOwnerRights(parts.needs, workspace, pipeline, validated)
    const context = await runContext(parts.needs, reader, owner, { signal, seconds: 3_600 })
    try {
      const id = `${pipeline.id}/${slice.after}-${slice.to}`
      await runPart(
        validated,
        {
          pipeline: { id: pipeline.id, name: pipeline.spec.name },
          run: runId,
          id,
          slice,
          sliceRows: positions.rowsBetween(slice.after, slice.to),
        },
        { ...context, recorder: log.recorder },
      )
      log.done()
    } finally {
      if (!lease.lost.aborted) await context.stages.clear().catch(() => undefined)
    }
    await record.flush()
    await group.commit(slice.to)
    return true
  }

  /** What was counted is right when the position stands behind the last slice; a slice that is repeated is counted anew. */
  async function countsOf(workspace: string, pipeline: StoredPipeline, run: Run): Promise<Counts> {
    const intended = run.attempt > 1 ? await intent(workspace, pipeline.id) : undefined
    const position = await streams.group(workspace, streamOf(pipeline), `pipeline:${pipeline.id}`).position()
    if (intended !== undefined && !positions.covers(position, intended.to)) return intended.counts
    return { read: run.rows.read, written: run.rows.written, quarantined: run.rows.quarantined, bytes: run.bytes }
  }

  async function intent(workspace: string, pipelineId: string): Promise<(Slice & { counts: Counts }) | undefined> {
    const { rows } = await parts.metadata
      .inWorkspace(workspace)
      .query<{ after_position: string; to_position: string; counts: Counts }>(
        'select after_position, to_position, counts from pipelines.slice where workspace = $1 and pipeline_id = $2',
        [workspace, pipelineId],
      )
    const [kept] = rows
    if (kept === undefined) return undefined
    const { after_position: after, to_position: to, counts } = kept
    return { after: positions.decode(after), to: positions.decode(to), counts }
  }

  async function intend(
    lease: Lease,
    { workspace, pipelineId }: { workspace: string; pipelineId: string },
    slice: Slice,
    counts: Counts,
  ): Promise<void> {
    await lease.query(
      parts.metadata.inWorkspace(workspace),
      `insert into pipelines.slice (workspace, pipeline_id, after_position, to_position, counts) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (workspace, pipeline_id) do update set after_position = excluded.after_position, to_position = excluded.to_position, counts = excluded.counts`,
      [workspace, pipelineId, slice.after, slice.to, JSON.stringify(counts)],
    )
  }

  async function appended(workspace: string, stream: string, signal: AbortSignal): Promise<void> {
    const key = `${workspace}/${stream}`
    const all = wakers.get(key) ?? new Set()
    wakers.set(key, all)
    let wake = (): void => undefined
    const woken = new Promise<void>((resolve) => {
      wake = resolve
      all.add(resolve)
    })
    const rested = new AbortController()
    try {
      await Promise.race([woken, clock.sleep(idleMs, AbortSignal.any([signal, rested.signal]))])
    } finally {
      all.delete(wake)
      rested.abort()
      if (all.size === 0) wakers.delete(key)
    }
    signal.throwIfAborted()
  }

  return {
    start: async (workspace, pipeline) => {
      const [running] = await runs.unfinished(workspace, pipeline.id)
      if (running !== undefined) return running.id
      const group = streams.group(workspace, streamOf(pipeline), `pipeline:${pipeline.id}`)
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
      heard.close()
      await Promise.all(loops.values())
    },
  }
}

function streamOf(pipeline: StoredPipeline): string {
  const { stream } = pipeline.spec.source.config
  return typeof stream === 'string' ? stream : ''
}
