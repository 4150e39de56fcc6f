/** Where incremental reading of a stream goes on, for each pipeline. SPEC.md has the rules. */
import { storableJson } from '#core/storable-text'
import type { Metadata } from '#ports/metadata'
import type { StagedRecords } from '../plan/staged-records.ts'

export interface StreamKey {
  readonly workspace: string
  readonly pipelineId: string
  readonly stream: string
}

export interface StreamState {
  readonly state: unknown
  readonly pending: PendingLoad | undefined
}

/** A load that began. Whether its rows are in the destination is known only when it is done again. */
export interface PendingLoad {
  readonly run: string
  readonly part: string
  readonly records: StagedRecords
}

export interface StreamStates {
  find(key: StreamKey): Promise<StreamState>
  /** Before the load: what it loads, so that a retry loads the same rows under the same id. */
  begin(key: StreamKey, pending: PendingLoad): Promise<void>
  /** After the load: the state behind its rows takes effect and the load is over, both in one transaction. */
  commit(key: StreamKey, state: unknown): Promise<void>
  /** The load is known not to have taken effect. */
  discard(key: StreamKey): Promise<void>
}

interface Row {
  readonly state: unknown
  readonly pending: PendingLoad | null
}

export function streamStates(metadata: Metadata): StreamStates {
  const sql = ({ workspace }: StreamKey) => metadata.inWorkspace(workspace)
  const parts = ({ workspace, pipelineId, stream }: StreamKey) => [workspace, pipelineId, stream]
  const where = 'workspace = $1 and pipeline_id = $2 and stream = $3'
  return {
    find: async (key) => {
      const { rows } = await sql(key).query<Row>(
        `select state, pending from pipelines.stream_state where ${where}`,
        parts(key),
      )
      return { state: rows[0]?.state ?? undefined, pending: rows[0]?.pending ?? undefined }
    },
    begin: async (key, pending) => {
      await sql(key).query(
        `insert into pipelines.stream_state (workspace, pipeline_id, stream, pending) values ($1, $2, $3, $4::jsonb)
         on conflict (workspace, pipeline_id, stream) do update set pending = excluded.pending, updated_at = now()`,
        [...parts(key), storableJson(pending)],
      )
    },
    commit: async (key, state) => {
      await sql(key).query(
        `insert into pipelines.stream_state (workspace, pipeline_id, stream, state) values ($1, $2, $3, $4::jsonb)
         on conflict (workspace, pipeline_id, stream) do update set state = excluded.state, pending = null, updated_at = now()`,
        [...parts(key), storableJson(state)],
      )
    },
    discard: async (key) => {
      await sql(key).query(`update pipelines.stream_state set pending = null where ${where}`, parts(key))
    },
  }
}
