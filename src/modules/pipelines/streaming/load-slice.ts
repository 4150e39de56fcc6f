/** One slice of a stream: its bounds are written down, its rows loaded once under the id of the bounds, its end committed. */
import type { Position } from '#ports/log'
import type { Run } from '../contract.ts'
import { requireOwnerRights } from '../runs/owner-rights.ts'
import type { Counts, Recorder } from '../runs/recorder.ts'
import { runContext } from '../runs/run-context.ts'
import { runPart } from '../runs/run-part.ts'
import type { SliceLog } from './slice-log.ts'
import { groupOf, streamOf, type StreamingParts, type StreamingRun } from './streaming-run.ts'

const maxRows = 200_000
const maxSeconds = 3_600

export interface SliceTools {
  readonly record: Recorder
  readonly log: SliceLog
  /** Names the stages of this attempt of the run. */
  readonly owner: string
}

/** Returns false when there is nothing new up to `until`, or up to the end of the stream. */
export async function loadSlice(
  parts: StreamingParts,
  run: StreamingRun,
  { record, log, owner }: SliceTools,
  until: Position | undefined,
): Promise<boolean> {
  const { workspace, pipeline, runId, lease, signal } = run
  const { positions, intents, streams } = parts
  const key = { workspace, pipelineId: pipeline.id }
  const group = groupOf(parts, workspace, pipeline)
  const after = await group.position()
  const last = await intents.find(key)
  const end = until ?? (await streams.end(workspace, streamOf(pipeline)))
  const repeated = last?.after === after && !positions.covers(after, last.to) ? last : undefined
  const slice = { after, to: repeated?.to ?? positions.advance(after, end, maxRows) }
  if (positions.covers(after, slice.to)) return false
  await intents.write(lease, key, { ...slice, counts: record.base(repeated?.counts) })
  log.begin()
  const validated = await parts.pipelines.validate(workspace, pipeline)
  const reader = await requireOwnerRights(parts.needs, workspace, pipeline, validated)
  const context = await runContext(parts.needs, reader, owner, { signal, seconds: maxSeconds })
  try {
    const part = {
      pipeline: { id: pipeline.id, name: pipeline.spec.name },
      run: runId,
      id: `${pipeline.id}/${slice.after}-${slice.to}`,
      slice,
      sliceRows: positions.rowsBetween(slice.after, slice.to),
    }
    await runPart(validated, part, { ...context, recorder: log.recorder })
    log.done()
  } finally {
    if (!lease.lost.aborted) await context.stages.clear().catch(() => undefined)
  }
  await record.flush()
  await group.commit(slice.to)
  return true
}

/** What the run had counted is right when the group is behind the last slice; a slice that is repeated is counted again. */
export async function countsBefore(
  parts: StreamingParts,
  { workspace, pipeline }: StreamingRun,
  run: Run,
): Promise<Counts> {
  const last = run.attempt > 1 ? await parts.intents.find({ workspace, pipelineId: pipeline.id }) : undefined
  const position = await groupOf(parts, workspace, pipeline).position()
  if (last !== undefined && !parts.positions.covers(position, last.to)) return last.counts
  return { read: run.rows.read, written: run.rows.written, quarantined: run.rows.quarantined, bytes: run.bytes }
}
