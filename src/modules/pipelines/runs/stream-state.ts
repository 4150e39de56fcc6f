/** From where incremental reading of a stream continues, for each pipeline. SPEC.md has the rules. */
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
  /** The state as text, to compare: another has committed when it differs. */
  readonly stateText: string | null
  readonly pending: PendingLoad | undefined
}

/** A load that began. Whether its rows are in the destination is known only when it is done again. */
export interface PendingLoad {
  readonly run: string
  readonly part: string
  readonly records: StagedRecords
  /** The attempt of a run that loads it. Loads that earlier versions began have none. */
  readonly owner?: string
  /** `destinationDigest` of where it goes. Loads that earlier versions began have none. */
  readonly destination?: string
}

/** Each write compares and sets: it returns false and changes nothing when another owner wrote meanwhile. */
export interface StreamStates {
  find(key: StreamKey): Promise<StreamState>
  /** Before the load, while nothing is pending and the state is the one that was read: what the load consists of. */
  begin(key: StreamKey, read: StreamState, pending: PendingLoad): Promise<boolean>
  /** Makes `owner` the owner of a load that another attempt began. */
  takeOver(key: StreamKey, pending: PendingLoad, owner: string): Promise<boolean>
  /** After the load: the state behind its rows takes effect and nothing is pending any more. */
  commit(key: StreamKey, pending: PendingLoad, state: unknown): Promise<boolean>
  /** A new state without rows, while nothing is pending and the state is the one that was read. */
  advance(key: StreamKey, read: StreamState, state: unknown): Promise<boolean>
  /** The load is known not to have taken effect. */
  discard(key: StreamKey, pending: PendingLoad): Promise<boolean>
  /** Discards what is pending for other streams of the pipeline, which it does not read any more. */
  discardOthers(key: Omit<StreamKey, 'stream'>, stream: string | undefined): Promise<readonly PendingLoad[]>
}

interface Row {
  readonly state: unknown
  readonly text: string | null
  readonly pending: PendingLoad | null
}

const where = 'workspace = $1 and pipeline_id = $2 and stream = $3'
const isOwn = `${where} and pending->>'part' = $4 and coalesce(pending->>'owner', '') = $5`

export function streamStates(metadata: Metadata): StreamStates {
  const keyParameters = ({ workspace, pipelineId, stream }: StreamKey) => [workspace, pipelineId, stream]
  const changed = async (key: StreamKey, text: string, parameters: readonly unknown[]) => {
    const { affected } = await metadata.inWorkspace(key.workspace).query(text, [...keyParameters(key), ...parameters])
    return affected > 0
  }
  /** $4 is the new value of the column, $5 the text of the state that was read. */
  const whileUnchanged = (column: 'state' | 'pending') =>
    `insert into pipelines.stream_state as found (workspace, pipeline_id, stream, ${column})
       select $1, $2, $3, $4::jsonb where $5::text is null or exists (select from pipelines.stream_state where ${where})
     on conflict (workspace, pipeline_id, stream) do update set ${column} = excluded.${column}, updated_at = now()
       where found.pending is null and found.state::text is not distinct from $5::text`
  return {
    find: async (key) => {
      const { rows } = await metadata
        .inWorkspace(key.workspace)
        .query<Row>(
          `select state, state::text as text, pending from pipelines.stream_state where ${where}`,
          keyParameters(key),
        )
      return {
        state: rows[0]?.state ?? undefined,
        stateText: rows[0]?.text ?? null,
        pending: rows[0]?.pending ?? undefined,
      }
    },
    begin: (key, { stateText }, pending) => changed(key, whileUnchanged('pending'), [storableJson(pending), stateText]),
    advance: (key, { stateText }, state) => changed(key, whileUnchanged('state'), [storableJson(state), stateText]),
    takeOver: (key, { part, owner = '' }, next) =>
      changed(
        key,
        `update pipelines.stream_state set pending = pending || jsonb_build_object('owner', $6::text), updated_at = now() where ${isOwn}`,
        [part, owner, next],
      ),
    commit: (key, { part, owner = '' }, state) =>
      changed(
        key,
        `update pipelines.stream_state set state = $6::jsonb, pending = null, updated_at = now() where ${isOwn}`,
        [part, owner, storableJson(state)],
      ),
    discardOthers: async ({ workspace, pipelineId }, stream) => {
      const { rows } = await metadata.inWorkspace(workspace).query<{ pending: PendingLoad }>(
        `update pipelines.stream_state as other set pending = null
           from (select stream, pending from pipelines.stream_state
                  where workspace = $1 and pipeline_id = $2 and stream is distinct from $3 and pending is not null for update) found
          where other.workspace = $1 and other.pipeline_id = $2 and other.stream = found.stream returning found.pending`,
        [workspace, pipelineId, stream ?? null],
      )
      return rows.map(({ pending }) => pending)
    },
    discard: (key, { part, owner = '' }) =>
      changed(key, `update pipelines.stream_state set pending = null where ${isOwn}`, [part, owner]),
  }
}
