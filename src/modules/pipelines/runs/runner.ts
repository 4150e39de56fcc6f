/** Runs of batch pipelines: queued as jobs, one at a time per pipeline, resumed after a crash. SPEC.md has the states. */
import { countText } from '#core/count-text'
import type { MillraceError } from '#core/errors'
import { isMillraceError } from '#core/errors'
import { keyedQueue } from '#core/keyed-queue'
import { semaphore } from '#core/semaphore'
import { jobCancelled, type JobHandlers, type ModuleJobs } from '#kernel/jobs'
import type { Logger } from '#kernel/module'
import { systemReader, type Reader } from '#modules/datasets'
import type { Clock } from '#ports/clock'
import type { Run, RunError, RunStep } from '../contract.ts'
import type { ValidatedPipeline } from '../definition/definition.ts'
import { pipelineErrors } from '../errors.ts'
import { pipelineJobs } from '../jobs.ts'
import { destinationDigest } from './destination-digest.ts'
import { explained } from './explain.ts'
import { Stopped } from './live-runs.ts'
import type { LiveRuns } from './live-runs.ts'
import type { PipelineStore, StoredPipeline } from '../definition/pipeline-store.ts'
import { ownerName, requireOwnerRights } from './owner-rights.ts'
import { recorder } from './recorder.ts'
import type { Recorder } from './recorder.ts'
import { runContext } from './run-context.ts'
import type { Context, RunNeeds } from './run-context.ts'
import { runFromState } from './run-from-state.ts'
import type { RunEnd, RunStore } from './run-store.ts'
import type { StreamStates } from './stream-state.ts'

export interface RunnerParts {
  readonly needs: RunNeeds
  readonly pipelines: PipelineStore
  readonly runs: RunStore
  readonly states: StreamStates
  readonly live: LiveRuns
  readonly jobs: ModuleJobs
  readonly clock: Clock
  readonly log: Logger
  readonly stopping: AbortSignal
}

export interface Runner {
  start(workspace: string, pipeline: StoredPipeline, trigger: Run['trigger']): Promise<string>
  /** Takes up what a crash cut off. */
  open(): Promise<void>
  /** Drops the tables of unfinished loads of a pipeline that is removed. */
  dropStages(workspace: string, pipelineId: string): Promise<void>
  readonly work: JobHandlers<typeof pipelineJobs>['run']
}

const maxQueued = 20
const concurrency = 4
const maxAttempts = 5
const engineRetries = 5
const takeUpEveryMs = 60_000

export function batchRunner(parts: RunnerParts): Runner {
  const { runs, jobs, live } = parts
  const inTurn = keyedQueue()
  const limit = semaphore({ max: concurrency })

  /** A run without a job, whose queueing or whose end was cut off, gets one; the others keep theirs. */
  async function takeUp(): Promise<void> {
    for (const { id: runId, workspace, pipelineId, trigger } of await runs.allUnfinished()) {
      if (trigger !== 'stream' && !live.has(runId))
        await jobs.enqueue(workspace, pipelineJobs.run, { runId, pipelineId }, { again: true })
    }
  }

  async function work(workspace: string, runId: string, jobSignal: AbortSignal): Promise<void> {
    const attempt = await runs.begin(workspace, runId)
    if (attempt === undefined) return
    const run = await runs.find(workspace, runId)
    if (run === undefined) return
    if (attempt > maxAttempts) {
      const error = pipelineErrors.interrupted({ times: maxAttempts })
      await runs.end(workspace, runId, { status: 'failed', error: errorOf(error) })
      throw error
    }
    await executeRun(parts, workspace, run, jobSignal)
  }

  return {
    start: async (workspace, pipeline, trigger) => {
      const unfinished = await runs.unfinished(workspace, pipeline.id)
      if (unfinished.length >= maxQueued) throw pipelineErrors.busy({ name: pipeline.spec.name, max: maxQueued })
      const runId = await runs.create(workspace, pipeline, trigger, stepsOf(pipeline))
      await jobs.enqueue(workspace, pipelineJobs.run, { runId, pipelineId: pipeline.id })
      return runId
    },
    open: async () => {
      await takeUp()
      const looking = parts.clock.every(takeUpEveryMs, () => {
        takeUp().catch((error: unknown) => parts.log.warn({ err: error }, 'unfinished runs could not be looked after'))
      })
      parts.stopping.addEventListener('abort', () => looking.stop(), { once: true })
    },
    dropStages: async (workspace, pipelineId) => {
      const { stagesOf } = await cleaningContext(parts, workspace, pipelineId)
      await stagesOf(pipelineId).clear()
    },
    work: {
      run: ({ workspace, payload: { runId, pipelineId }, signal }) =>
        inTurn(pipelineId, () => limit.run(() => work(workspace, runId, signal))),
      cancelled: async ({ workspace, payload: { runId } }) =>
        void (await runs.end(workspace, runId, { status: 'cancelled' })),
    },
  }
}

async function executeRun(parts: RunnerParts, workspace: string, run: Run, jobSignal: AbortSignal): Promise<void> {
  const { runs, live, clock } = parts
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, parts.stopping, jobSignal])
  live.started(run.id, (reason) => stop.abort(new Stopped(reason)))
  const earlier = run.attempt > 1 ? ((await runs.logs(workspace, run.id)).at(-1)?.number ?? 0) : 0
  const steps = run.steps.map((step): RunStep => ({ ...step, status: 'waiting', rows: null, bytes: null }))
  const record = recorder({ workspace, id: run.id, steps, firstLine: earlier }, { store: runs, clock, tell: live.tell })
  if (run.attempt > 1)
    record.log(
      'warn',
      'The server ended during this run; it starts again from its beginning, and nothing is loaded twice.',
    )
  // A later attempt may be at work elsewhere, when this one lost its job.
  const ending = { workspace, runId: run.id, attempt: run.attempt }
  const writing = clock.every(1_000, () => void record.flush().catch(() => undefined))
  try {
    const stored = await parts.pipelines.get(workspace, run.pipelineId)
    const pipeline = await parts.pipelines.validate(workspace, stored)
    const reader = await requireOwnerRights(parts.needs, workspace, stored, pipeline)
    if (stored.owner.kind === 'token') record.log('info', `Runs with the rights of ${ownerName(stored.owner)}.`)
    await attemptRun(parts, { reader, run, stored, pipeline, record, signal })
    await record.flush()
    await finish(parts, record, { ...ending, status: 'succeeded' })
  } catch (error) {
    const cancelled = stop.signal.aborted || jobSignal.reason === jobCancelled
    if (parts.stopping.aborted || (jobSignal.aborted && !cancelled)) {
      // Stays "running": the job that comes next for it takes it up again.
      await record.flush().catch(() => undefined)
      throw error
    }
    if (cancelled) {
      record.fail(record.current(), 'Cancelled.')
      record.log('warn', 'The run was cancelled.')
      await finish(parts, record, { ...ending, status: 'cancelled' })
      return
    }
    const problem = isMillraceError(error) ? error : explained(error, () => undefined)
    if (problem.kind === 'bug') parts.log.error({ err: error, run: run.id }, 'a run met an error it does not know')
    const step = steps[record.current()]?.name
    record.fail(record.current(), problem.message)
    record.log('error', `${step === undefined ? '' : `${step}: `}${problem.message}`)
    await finish(parts, record, { ...ending, status: 'failed', error: errorOf(problem, step) })
    throw problem
  } finally {
    writing.stop()
    live.ended(run.id)
  }
}

interface AttemptedRun {
  /** The owner of the pipeline. */
  readonly reader: Reader
  readonly run: Run
  readonly stored: StoredPipeline
  readonly pipeline: ValidatedPipeline
  readonly record: Recorder
  readonly signal: AbortSignal
}

/** An engine that dies under a run comes back by itself; the part is then tried again under the same id. */
async function attemptRun(
  parts: RunnerParts,
  { reader, run, stored, pipeline, record, signal }: AttemptedRun,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const context = await runContext(parts.needs, reader, run.id, {
        signal,
        seconds: 86_400,
        isNew: run.attempt === 1 && tries === 1,
        onStatement: (statement) => record.log('info', statement),
        onProgress: ({ rowsRead, rowsWritten }) => record.progress({ read: rowsRead, written: rowsWritten }),
      })
      await context.stages.clear()
      try {
        await runFromState(
          pipeline,
          { pipeline: { id: stored.id, name: stored.spec.name }, run: run.id, id: `${stored.id}/${run.id}/1` },
          {
            ...context,
            recorder: record,
            states: parts.states,
            owner: `${run.id}_${run.attempt}`,
            destination: destinationOf(parts, pipeline),
          },
        )
        const { written, read } = record.state()
        record.log('info', `Loaded ${countText(written, 'row')} of ${read} read.`)
        return
      } finally {
        if (!signal.aborted) await context.stages.clear().catch(() => undefined)
        else await clearLater(parts, reader.workspace, run.id)
      }
    } catch (error) {
      if (signal.aborted || tries > engineRetries || explained(error, () => undefined).code !== 'pipelines.engine_gone')
        throw error
      record.log('warn', 'The engine ended and is started again; the run continues.')
      await parts.clock.sleep(500 * 2 ** tries, signal)
    }
  }
}

function destinationOf({ needs }: RunnerParts, { destination }: ValidatedPipeline): string {
  const schema = needs.connectors.settings('destination', destination.connector.type)
  if (schema === undefined) throw new Error(`The connector "${destination.connector.type}" writes nothing.`)
  return destinationDigest(destination, schema)
}

/** A cancelled run's signal stops its own statements, so its tables are cleared with another. */
async function clearLater(parts: RunnerParts, workspace: string, runId: string): Promise<void> {
  if (parts.stopping.aborted) return
  const { stages } = await cleaningContext(parts, workspace, runId)
  await stages.clear().catch(() => undefined)
}

function cleaningContext(parts: RunnerParts, workspace: string, owner: string): Promise<Context> {
  return runContext(parts.needs, systemReader('pipelines', workspace), owner, { signal: parts.stopping, seconds: 60 })
}

export async function finish(
  parts: Pick<RunnerParts, 'runs' | 'live'>,
  record: Recorder,
  { workspace, runId, attempt, ...end }: { workspace: string; runId: string } & Omit<RunEnd, 'state'>,
): Promise<void> {
  await record.flush()
  const state = record.state()
  await parts.runs.end(workspace, runId, { ...end, state, ...(attempt === undefined ? {} : { attempt }) })
  parts.live.tell({ ...record.state(), runId, ...end, rowsPerSecond: 0 })
}

export function errorOf(error: MillraceError, step?: string): RunError {
  return {
    code: error.code,
    title: error.title,
    detail: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(step === undefined ? {} : { step }),
    ...(error.problems.length === 0 ? {} : { problems: [...error.problems] }),
  }
}

export function stepsOf({ spec }: StoredPipeline): readonly RunStep[] {
  const names = [
    `read ${spec.source.type}`,
    ...spec.transformations.map((step, index) => `${index + 1} ${step.type}`),
    ...((spec.quality?.length ?? 0) > 0 ? ['check quality'] : []),
    `load ${spec.destination.type}`,
  ]
  return names.map((name) => ({ name, status: 'waiting', rows: null, bytes: null, startedAt: null, finishedAt: null }))
}
