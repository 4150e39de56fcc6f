/**
 * A batch run of a source that goes on from its state. What is loaded is staged and written down before the load, so
 * that a retry, also of a later run, loads exactly those rows under the same id before it reads on.
 */
import { createHash } from 'node:crypto'
import { isMillraceError } from '#core/errors'
import { isTransient, raw, sql } from '#sdk'
import type { ValidatedPipeline } from '../definition/definition.ts'
import type { StagedRecords } from '../plan/staged-records.ts'
import type { Stages } from '../plan/stage.ts'
import { runPart } from './run-part.ts'
import type { PartIdentity, PartTools } from './run-part.ts'
import type { PendingLoad, StreamKey, StreamStates } from './stream-state.ts'

export interface StateTools extends PartTools {
  readonly states: StreamStates
  /** Stages whose tables another owner of this name finds again. */
  readonly stagesOf: (owner: string) => Stages
}

export async function runFromState(pipeline: ValidatedPipeline, part: PartIdentity, tools: StateTools): Promise<void> {
  const stream = pipeline.source.connector.source?.resumes?.(pipeline.source.settings)
  if (stream === undefined) return void (await runPart(pipeline, part, tools))
  const key = { workspace: tools.around.workspace, pipelineId: part.pipeline.id, stream }
  const stages = tools.stagesOf(`${part.pipeline.id}_${digest(stream)}`)
  const { pending } = await tools.states.find(key)
  if (pending !== undefined) await finishPending({ pipeline, part, tools, key, stages }, pending)
  await stages.clear()
  const { state } = await tools.states.find(key)
  const id = `${part.id}/${digest(JSON.stringify([stream, state ?? null]))}`
  await loadAndCommit({ pipeline, part: { ...part, id }, tools, key, stages }, { state })
}

interface Loading {
  readonly pipeline: ValidatedPipeline
  readonly part: PartIdentity
  readonly tools: StateTools
  readonly key: StreamKey
  readonly stages: Stages
}

/** Nobody knows whether the destination has these rows: it takes a part once per id, so they are loaded again. */
async function finishPending(loading: Loading, { run, part: id, records }: PendingLoad): Promise<void> {
  const { tools, key, part } = loading
  if (!(await isWhole(records, tools))) {
    tools.recorder.log('warn', 'The rows of an unfinished load are gone; the source is read again from its last state.')
    return await tools.states.discard(key)
  }
  tools.recorder.log('info', 'An unfinished load is finished before the source is read on.')
  await loadAndCommit({ ...loading, part: { ...part, run, id } }, { staged: records })
  tools.recorder.base()
}

async function loadAndCommit(
  { pipeline, part, tools, key, stages }: Loading,
  from: { readonly state?: unknown; readonly staged?: StagedRecords },
): Promise<void> {
  // A failure before or after the load says nothing about whether an earlier attempt or this one took effect.
  let loading = false
  let records: StagedRecords | undefined
  try {
    records = await runPart(pipeline, part, tools, {
      resume: { state: from.state, stages, ...(from.staged === undefined ? {} : { staged: from.staged }) },
      beforeLoad: async (staged) => {
        if (from.staged === undefined) await tools.states.begin(key, { run: part.run, part: part.id, records: staged })
        loading = true
      },
    })
  } catch (error) {
    if (loading && isRefusal(error) && !tools.around.signal.aborted) {
      await tools.states.discard(key)
      await stages.clear().catch(() => undefined)
    }
    throw error
  }
  if (records !== undefined) await tools.states.commit(key, records.state)
  await stages.clear().catch(() => undefined)
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

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
