/**
 * A batch run of a source that continues from its state. What is loaded is staged and written down before the load, so
 * that a retry, also of a later run, loads exactly those rows under the same id before it reads on.
 */
import { isMillraceError } from '#core/errors'
import { isTransient, raw, sql } from '#sdk'
import type { ValidatedPipeline } from '../definition/definition.ts'
import type { StagedRecords } from '../plan/staged-records.ts'
import type { Stages } from '../plan/stage.ts'
import { pipelineErrors } from '../errors.ts'
import { digest } from './destination-digest.ts'
import { runPart } from './run-part.ts'
import type { PartIdentity, PartTools } from './run-part.ts'
import type { PendingLoad, StreamKey, StreamState, StreamStates } from './stream-state.ts'

export interface StateTools extends PartTools {
  readonly states: StreamStates
  /** Stages whose tables another owner of this name finds again. */
  readonly stagesOf: (owner: string) => Stages
  /** This attempt of the run. */
  readonly owner: string
  /** `destinationDigest` of the pipeline. */
  readonly destination: string
}

export async function runFromState(pipeline: ValidatedPipeline, part: PartIdentity, tools: StateTools): Promise<void> {
  const stream = pipeline.source.connector.source?.resumes?.(pipeline.source.settings)
  await dropOthers(part, tools, stream)
  if (stream === undefined) return void (await runPart(pipeline, part, tools))
  const key = { workspace: tools.around.workspace, pipelineId: part.pipeline.id, stream }
  const streamOwner = `${part.pipeline.id}_${digest(stream)}`
  const loading: Loading = {
    pipeline,
    part,
    tools,
    key,
    stages: tools.stagesOf(`${streamOwner}_${tools.owner}`),
    streamStages: tools.stagesOf(streamOwner),
  }
  const found = await findWithoutPending(loading)
  await loading.stages.clear()
  const id = `${part.id}/${digest(JSON.stringify([stream, found.state ?? null]))}`
  await loadAndCommit({ ...loading, part: { ...part, id } }, { found })
}

/** The state to continue from, after a load that was cut off is finished or discarded. */
async function findWithoutPending(loading: Loading): Promise<StreamState> {
  const find = () => loading.tools.states.find(loading.key)
  const before = await find()
  if (before.pending === undefined) return before
  await finishPending(loading, before.pending)
  const found = await find()
  if (found.pending !== undefined) throw overtaken(loading)
  return found
}

/** The pipeline was changed to another stream after a load of the former one was cut off. */
async function dropOthers({ pipeline }: PartIdentity, tools: StateTools, stream: string | undefined): Promise<void> {
  const key = { workspace: tools.around.workspace, pipelineId: pipeline.id }
  for (const { records } of await tools.states.discardOthers(key, stream)) {
    tools.recorder.log(
      'warn',
      'An unfinished load of a stream that this pipeline no longer reads is dropped. If the pipeline reads that stream again, its last rows can come twice.',
    )
    await drop(records, tools).catch(() => undefined)
  }
}

interface Loading {
  readonly pipeline: ValidatedPipeline
  readonly part: PartIdentity
  readonly tools: StateTools
  readonly key: StreamKey
  /** Of this attempt: another that works on the stream at the same time has its own tables. */
  readonly stages: Stages
  /** Of all attempts. */
  readonly streamStages: Stages
}

/** Nobody knows whether the destination has these rows: it takes a part once per id, so they are loaded again. */
async function finishPending(loading: Loading, found: PendingLoad): Promise<void> {
  const { tools, key } = loading
  if (!(await tools.states.takeOver(key, found, tools.owner))) throw overtaken(loading)
  const pending = { ...found, owner: tools.owner }
  if (pending.destination !== undefined && pending.destination !== tools.destination) {
    tools.recorder.log(
      'warn',
      'An unfinished load was meant for the destination that this pipeline had before. The former destination may have its rows. The source is read again from its last state into the destination of now.',
    )
    return await discard(loading, pending)
  }
  if (!(await isWhole(pending.records, tools))) {
    tools.recorder.log('warn', 'The rows of an unfinished load are gone; the source is read again from its last state.')
    return await discard(loading, pending)
  }
  tools.recorder.log('info', 'An unfinished load is finished before the source is read on.')
  const part = { ...loading.part, run: pending.run, id: pending.part }
  await loadAndCommit({ ...loading, part }, { pending })
  tools.recorder.base()
}

async function loadAndCommit(loading: Loading, from: { pending: PendingLoad } | { found: StreamState }): Promise<void> {
  const { pipeline, part, tools, key, stages } = loading
  // A failure before or after the load says nothing about whether an earlier attempt or this one took effect.
  const load: { begun?: PendingLoad } = {}
  let records: StagedRecords | undefined
  try {
    records = await runPart(pipeline, part, tools, {
      resume:
        'pending' in from
          ? { state: undefined, stages, staged: from.pending.records }
          : { state: from.found.state, stages },
      beforeLoad: async (staged) => {
        load.begun = 'pending' in from ? from.pending : await begin(loading, from.found, staged)
      },
    })
  } catch (error) {
    if (load.begun !== undefined && isRefusal(error) && !tools.around.signal.aborted) await discard(loading, load.begun)
    if (load.begun === undefined) await stages.clear().catch(() => undefined)
    throw error
  }
  if (records === undefined) return
  const pending = 'pending' in from ? from.pending : load.begun
  const committed =
    pending === undefined && 'found' in from
      ? await tools.states.advance(key, from.found, records.state)
      : pending !== undefined && (await tools.states.commit(key, pending, records.state))
  if (!committed) throw overtaken(loading)
  await drop(records, tools).catch(() => undefined)
}

async function begin(loading: Loading, found: StreamState, records: StagedRecords): Promise<PendingLoad> {
  const { tools, part, key, streamStages } = loading
  const { owner, destination } = tools
  const pending = { run: part.run, part: part.id, records, owner, destination }
  if (!(await tools.states.begin(key, found, pending))) throw overtaken(loading)
  // Nobody else can begin a load of these rows any more, so the tables of other attempts are of no use.
  await streamStages.clear(records.place).catch(() => undefined)
  return pending
}

/** Another attempt that took the load over still needs its rows. */
async function discard({ tools, key }: Loading, pending: PendingLoad): Promise<void> {
  if (await tools.states.discard(key, pending)) await drop(pending.records, tools).catch(() => undefined)
}

async function drop({ place }: StagedRecords, { around }: StateTools): Promise<void> {
  await around.engine.command(sql`DROP TABLE IF EXISTS ${raw(place)} SYNC`)
}

function overtaken({ part, key }: Loading): Error {
  return pipelineErrors.overtaken({ name: part.pipeline.name, stream: key.stream })
}

/** The load is known not to have taken effect: something was wrong with it, and it was not cut off. */
function isRefusal(error: unknown): boolean {
  return isMillraceError(error) && error.kind !== 'bug' && !isTransient(error)
}

async function isWhole({ place, rows }: StagedRecords, { around }: StateTools): Promise<boolean> {
  try {
    const [found] = await around.engine.rows<{ rows: string | number }>(sql`SELECT count() AS rows FROM ${raw(place)}`)
    return Number(found?.rows) === rows
  } catch (error) {
    if (isTransient(error) || around.signal.aborted) throw error
    return false
  }
}
