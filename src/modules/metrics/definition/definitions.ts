/** The definitions of metrics, in metadata. */
import { MetricDefinition } from '#core/metric'
import type { ObjectRef } from '#core/object-ref'
import { parseJsonValue } from '#core/parse-json'
import type { DefinitionVersions, KeptVersion } from '#kernel/definition-versions'
import type { Emit } from '#kernel/events'
import type { Datasets } from '#modules/datasets'
import { isUniqueViolation, type Metadata, type SqlSession } from '#ports/metadata'
import { metricErrors } from '../errors.ts'
import { metricEvents } from '../index.ts'
import { holdDataset } from './validate-definition.ts'

export interface MetricRecord {
  readonly workspace: string
  readonly definition: MetricDefinition
  readonly version: number
  /** The table of its cells; absent where only raw rows answer. */
  readonly cells: string | undefined
  /** When the dataset was made that the cells are folded from: another one means other rows. */
  readonly datasetMade: string | undefined
  readonly createdAt: string
  readonly updatedAt: string
}

export interface Definitions {
  all(): Promise<readonly MetricRecord[]>
  /** Rejects with `metrics.taken`, or with `metrics.invalid` when its dataset is gone; so does `update`. */
  insert(record: MetricRecord): Promise<void>
  /** Another definition: a new version. */
  update(record: MetricRecord, former: MetricRecord): Promise<void>
  /** Other cells for the same definition. */
  setCells(record: MetricRecord): Promise<void>
  delete(record: MetricRecord): Promise<void>
  /** The metrics over this dataset; `session` is that of a transaction that locks it. */
  over(workspace: string, dataset: string, session: SqlSession): Promise<readonly ObjectRef[]>
}

interface Row {
  readonly workspace: string
  readonly version: number
  readonly definition: unknown
  readonly cells: string | null
  readonly dataset_made: string | null
  readonly created_at: Date | string
  readonly updated_at: Date | string
}

const instant = (value: Date | string): string => new Date(value).toISOString()

export interface DefinitionsParts {
  readonly metadata: Metadata
  readonly datasets: Pick<Datasets, 'hold'>
  readonly emit: Emit
  readonly versions: DefinitionVersions
}

export function openDefinitions({ metadata, datasets, emit, versions }: DefinitionsParts): Definitions {
  const changed = async (
    session: SqlSession,
    { definition: { code }, version }: MetricRecord,
    change: 'created' | 'changed' | 'removed',
  ): Promise<void> =>
    await emit(session, metricEvents.changed, {
      subject: { kind: 'metric', id: code, name: code },
      payload: { code, change, version },
    })
  return {
    async all() {
      const { rows } = await metadata.system.query<Row>('select * from metrics.definition order by workspace, code')
      return rows.map((row) => ({
        workspace: row.workspace,
        definition: MetricDefinition.parse(
          typeof row.definition === 'string' ? parseJsonValue(row.definition) : row.definition,
        ),
        version: row.version,
        cells: row.cells ?? undefined,
        datasetMade: row.dataset_made ?? undefined,
        createdAt: instant(row.created_at),
        updatedAt: instant(row.updated_at),
      }))
    },
    async insert(record) {
      try {
        await metadata.inWorkspace(record.workspace).transaction(async (session) => {
          await holdDataset(datasets, { session, workspace: record.workspace }, record.definition)
          await session.query(
            'insert into metrics.definition (workspace, code, version, definition, cells, dataset_made, created_at, updated_at) values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8)',
            [record.workspace, record.definition.code, ...changing(record), record.createdAt, record.updatedAt],
          )
          await versions.keep(session, { workspace: record.workspace, ref: refOf(record), made: versionOf(record) })
          await changed(session, record, 'created')
        })
      } catch (error) {
        if (isUniqueViolation(error)) throw metricErrors.taken({ code: record.definition.code })
        throw error
      }
    },
    async update(record, former) {
      await metadata.inWorkspace(record.workspace).transaction(async (session) => {
        await holdDataset(datasets, { session, workspace: record.workspace }, record.definition)
        await session.query(
          'update metrics.definition set version = $3, definition = $4::jsonb, cells = $5, dataset_made = $6, updated_at = $7 where workspace = $1 and code = $2',
          [record.workspace, record.definition.code, ...changing(record), record.updatedAt],
        )
        await versions.keep(session, {
          workspace: record.workspace,
          ref: refOf(record),
          made: versionOf(record),
          former: versionOf(former),
        })
        await changed(session, record, 'changed')
      })
    },
    async setCells({ workspace, definition, cells, datasetMade }) {
      await metadata
        .inWorkspace(workspace)
        .query('update metrics.definition set cells = $3, dataset_made = $4 where workspace = $1 and code = $2', [
          workspace,
          definition.code,
          cells ?? null,
          datasetMade ?? null,
        ])
    },
    async delete(record) {
      await metadata.inWorkspace(record.workspace).transaction(async (session) => {
        await session.query('delete from metrics.definition where workspace = $1 and code = $2', [
          record.workspace,
          record.definition.code,
        ])
        await versions.forget(session, record.workspace, refOf(record))
        await changed(session, record, 'removed')
      })
    },
    async over(workspace, dataset, session) {
      const { rows } = await session.query<{ code: string }>(
        `select code from metrics.definition where workspace = $1 and definition->>'dataset' = $2 order by code limit 20`,
        [workspace, dataset],
      )
      return rows.map(({ code }) => ({ kind: 'metric', id: code, name: code }))
    },
  }
}

export function refOf({ definition: { code, name } }: MetricRecord): ObjectRef {
  return { kind: 'metric', id: code, name }
}

export function versionOf({ version, definition, updatedAt }: MetricRecord): KeptVersion {
  return { version, definition, at: updatedAt }
}

function changing(record: MetricRecord): unknown[] {
  return [record.version, JSON.stringify(record.definition), record.cells ?? null, record.datasetMade ?? null]
}
