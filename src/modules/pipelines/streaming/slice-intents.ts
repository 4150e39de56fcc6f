/** The bounds of the slice that a streaming pipeline loads: written before the load, so that a retry loads the same rows under the same id. */
import type { Slice } from '#sdk'
import type { Lease } from '#ports/leases'
import type { Log } from '#ports/log'
import type { Metadata } from '#ports/metadata'
import type { Counts } from '../runs/recorder.ts'

export interface SliceIntent extends Slice {
  /** What the run had counted before the slice. */
  readonly counts: Counts
}

export interface PipelineKey {
  readonly workspace: string
  readonly pipelineId: string
}

export interface SliceIntents {
  /** The last one written, whether or not its slice was loaded. */
  find(key: PipelineKey): Promise<SliceIntent | undefined>
  /** Rejects with `LeaseLost` when the lease is another's. */
  write(lease: Lease, key: PipelineKey, intent: SliceIntent): Promise<void>
}

export function sliceIntents(metadata: Metadata, positions: Log['positions']): SliceIntents {
  return {
    find: async ({ workspace, pipelineId }) => {
      const { rows } = await metadata
        .inWorkspace(workspace)
        .query<{ after_position: string; to_position: string; counts: Counts }>(
          'select after_position, to_position, counts from pipelines.slice where workspace = $1 and pipeline_id = $2',
          [workspace, pipelineId],
        )
      const [kept] = rows
      if (kept === undefined) return undefined
      const { after_position: after, to_position: to, counts } = kept
      return { after: positions.decode(after), to: positions.decode(to), counts }
    },
    write: async (lease, { workspace, pipelineId }, { after, to, counts }) => {
      await lease.query(
        metadata.inWorkspace(workspace),
        `insert into pipelines.slice (workspace, pipeline_id, after_position, to_position, counts) values ($1, $2, $3, $4, $5::jsonb)
         on conflict (workspace, pipeline_id) do update set after_position = excluded.after_position, to_position = excluded.to_position, counts = excluded.counts`,
        [workspace, pipelineId, after, to, JSON.stringify(counts)],
      )
    },
  }
}
