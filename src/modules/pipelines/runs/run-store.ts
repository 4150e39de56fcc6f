/** Runs as they are written down. */
import { isUuid } from '#core/uuid'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { storableJson } from '#core/storable-text'
import { cursors, pageOfFound, type PageQuestion } from '#kernel/paging'
import type { Metadata } from '#ports/metadata'
import type { Run, RunError, RunStep } from '../contract.ts'
import type { RunStatistics } from '../index.ts'
import { runLog } from './run-log.ts'
import type { RunLog } from './run-log.ts'
import { readStatistics } from './run-statistics.ts'

export interface RunStore extends RunLog {
  create(
    workspace: string,
    pipeline: { id: string; version: number },
    trigger: Run['trigger'],
    steps: readonly RunStep[],
  ): Promise<string>
  find(workspace: string, id: string): Promise<Run | undefined>
  list(workspace: string, pipelineId: string, page: PageQuestion): Promise<{ items: Run[]; next: string | null }>
  latest(workspace: string, pipelineIds: readonly string[]): Promise<ReadonlyMap<string, Run>>
  unfinished(workspace: string, pipelineId: string): Promise<readonly Run[]>
  /** Of every workspace, for the start of the server. */
  allUnfinished(): Promise<
    readonly { workspace: string; id: string; pipelineId: string; status: string; trigger: string }[]
  >
  /** Sets a queued or interrupted run to running. Returns the attempt, or `undefined` when the run has ended. */
  begin(workspace: string, id: string): Promise<number | undefined>
  progress(workspace: string, id: string, state: RunState): Promise<void>
  /** Ends a run that has not ended yet. */
  end(workspace: string, id: string, end: RunEnd): Promise<boolean>
  statistics(workspace: string, since: Date): Promise<RunStatistics>
  forget(workspace: string, pipelineId: string): Promise<void>
}

export interface RunEnd {
  readonly status: 'succeeded' | 'failed' | 'cancelled'
  /** What is left out stays as it was written down last. */
  readonly state?: Partial<RunState>
  readonly error?: RunError
  /** Ends nothing when a later attempt has begun. */
  readonly attempt?: number
}

export interface RunState {
  readonly read: number
  readonly written: number
  readonly quarantined: number
  readonly bytes: number
  readonly steps: readonly RunStep[]
}

const keptRuns = 1000

interface Row {
  readonly id: string
  readonly number: string | number | bigint
  readonly pipeline_id: string
  readonly version: number
  readonly trigger: Run['trigger']
  readonly status: Run['status']
  readonly attempt: number
  readonly rows_read: string | number | bigint
  readonly rows_written: string | number | bigint
  readonly rows_quarantined: string | number | bigint
  readonly bytes: string | number | bigint
  readonly steps: RunStep[]
  readonly error: RunError | null
  readonly queued_at: string | Date
  readonly started_at: string | Date | null
  readonly finished_at: string | Date | null
}

export function runStore(metadata: Metadata): RunStore {
  return {
    ...runReads(metadata),
    ...runWrites(metadata),
    ...runLog(metadata),
    statistics: (workspace, since) => readStatistics(metadata, workspace, since),
  }
}

function runReads(metadata: Metadata): Pick<RunStore, 'find' | 'list' | 'latest' | 'unfinished' | 'allUnfinished'> {
  const sql = (workspace: string) => metadata.inWorkspace(workspace)
  return {
    find: async (workspace, id) => {
      if (!isUuid(id)) return undefined
      const { rows } = await sql(workspace).query<Row>('select * from pipelines.run where workspace = $1 and id = $2', [
        workspace,
        id,
      ])
      return rows[0] && runOf(rows[0])
    },
    list: async (workspace, pipelineId, { limit, cursor }) => {
      const numbers = cursors(`pipelines.runs:${pipelineId}`, z.string().regex(/^\d{1,18}$/))
      const { rows } = await sql(workspace).query<Row>(
        'select * from pipelines.run where workspace = $1 and pipeline_id = $2 and ($3::bigint is null or number < $3::bigint) order by number desc limit $4',
        [workspace, pipelineId, numbers.read(cursor) ?? null, limit + 1],
      )
      const { items, next } = pageOfFound(numbers, rows, { limit, placeOf: ({ number }) => String(number) })
      return { items: items.map(runOf), next }
    },
    latest: async (workspace, pipelineIds) => {
      const { rows } = await sql(workspace).query<Row>(
        `select r.* from unnest($2::uuid[]) as wanted(id)
           cross join lateral (select * from pipelines.run where workspace = $1 and pipeline_id = wanted.id order by number desc limit 1) r`,
        [workspace, [...pipelineIds]],
      )
      return new Map(rows.map((row) => [row.pipeline_id, runOf(row)]))
    },
    unfinished: async (workspace, pipelineId) => {
      const { rows } = await sql(workspace).query<Row>(
        `select * from pipelines.run where workspace = $1 and pipeline_id = $2 and status in ('queued', 'running') order by number`,
        [workspace, pipelineId],
      )
      return rows.map(runOf)
    },
    allUnfinished: async () => {
      const { rows } = await metadata.system.query<{
        workspace: string
        id: string
        pipeline_id: string
        status: string
        trigger: string
      }>(
        `select workspace, id, pipeline_id, status, trigger from pipelines.run where status in ('queued', 'running') order by number`,
      )
      return rows.map(({ pipeline_id: pipelineId, ...row }) => ({ ...row, pipelineId }))
    },
  }
}

function runWrites(metadata: Metadata): Pick<RunStore, 'create' | 'begin' | 'progress' | 'end' | 'forget'> {
  const sql = (workspace: string) => metadata.inWorkspace(workspace)
  return {
    create: async (workspace, pipeline, trigger, steps) => {
      const id = randomUUID()
      await sql(workspace).query(
        `insert into pipelines.run (workspace, id, pipeline_id, version, trigger, status, steps) values ($1, $2, $3, $4, $5, 'queued', $6::jsonb)`,
        [workspace, id, pipeline.id, pipeline.version, trigger, JSON.stringify(steps)],
      )
      await sql(workspace).query(
        `delete from pipelines.run where workspace = $1 and pipeline_id = $2 and status not in ('queued', 'running') and number <
          (select min(number) from (select number from pipelines.run where workspace = $1 and pipeline_id = $2 order by number desc limit ${keptRuns}) latest)`,
        [workspace, pipeline.id],
      )
      return id
    },
    begin: async (workspace, id) => {
      const { rows } = await sql(workspace).query<{ attempt: number }>(
        `update pipelines.run set status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, now())
          where workspace = $1 and id = $2 and status in ('queued', 'running') returning attempt`,
        [workspace, id],
      )
      return rows[0]?.attempt
    },
    progress: async (workspace, id, state) => {
      await sql(workspace).query(
        `update pipelines.run set rows_read = $3, rows_written = $4, rows_quarantined = $5, bytes = $6, steps = $7::jsonb
          where workspace = $1 and id = $2 and status = 'running'`,
        [workspace, id, state.read, state.written, state.quarantined, state.bytes, storableJson(state.steps)],
      )
    },
    end: async (workspace, id, { status, state = {}, error, attempt }) => {
      const { affected } = await sql(workspace).query(
        `update pipelines.run set status = $3, finished_at = now(), rows_read = coalesce($4, rows_read), rows_written = coalesce($5, rows_written),
            rows_quarantined = coalesce($6, rows_quarantined), bytes = coalesce($7, bytes), steps = coalesce($8::jsonb, steps), error = $9::jsonb
          where workspace = $1 and id = $2 and status in ('queued', 'running') and ($10::integer is null or attempt = $10)`,
        [
          workspace,
          id,
          status,
          state.read ?? null,
          state.written ?? null,
          state.quarantined ?? null,
          state.bytes ?? null,
          state.steps === undefined ? null : storableJson(state.steps),
          error === undefined ? null : storableJson(error),
          attempt ?? null,
        ],
      )
      return affected > 0
    },
    forget: async (workspace, pipelineId) => {
      await sql(workspace).transaction(async (session) => {
        await session.query(
          'delete from pipelines.run_log where workspace = $1 and run_id in (select id from pipelines.run where workspace = $1 and pipeline_id = $2)',
          [workspace, pipelineId],
        )
        await session.query('delete from pipelines.run where workspace = $1 and pipeline_id = $2', [
          workspace,
          pipelineId,
        ])
        await session.query('delete from pipelines.stream_state where workspace = $1 and pipeline_id = $2', [
          workspace,
          pipelineId,
        ])
        await session.query('delete from pipelines.slice where workspace = $1 and pipeline_id = $2', [
          workspace,
          pipelineId,
        ])
      })
    },
  }
}

function runOf(row: Row): Run {
  return {
    id: row.id,
    pipelineId: row.pipeline_id,
    status: row.status,
    trigger: row.trigger,
    version: row.version,
    attempt: row.attempt,
    rows: { read: Number(row.rows_read), written: Number(row.rows_written), quarantined: Number(row.rows_quarantined) },
    bytes: Number(row.bytes),
    queuedAt: iso(row.queued_at) ?? '',
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    steps: row.steps,
    ...(row.error === null ? {} : { error: row.error }),
  }
}

export function iso(time: string | Date | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
