/** The definitions of datasets, in metadata. */
import type { Column, DatasetSpec } from '#core/dataset'
import type { ObjectRef } from '#core/object-ref'
import type { z } from 'zod'
import { definitionLocks, type DefinitionLocks } from '#kernel/definition-locks'
import type { DefinitionVersions, KeptVersion, VersionChange } from '#kernel/definition-versions'
import type { Emit } from '#kernel/events'
import type { Clock } from '#ports/clock'
import type { Metadata, SqlResult, SqlSession } from '#ports/metadata'
import { isUniqueViolation } from '#ports/metadata'
import { datasetErrors } from './errors.ts'
import { datasetEvents, type Dataset, type DatasetSource } from './index.ts'

export interface Catalogue {
  find(workspace: string, name: string): Promise<Dataset | undefined>
  get(workspace: string, name: string): Promise<Dataset>
  list(workspace: string): Promise<readonly Dataset[]>
  /** Of all workspaces. */
  everything(): Promise<readonly Dataset[]>
  add(workspace: string, spec: DatasetSpec, source: DatasetSource): Promise<Dataset>
  /** Changes the columns when the version is still the one that was read. */
  change(dataset: Dataset, columns: readonly Column[]): Promise<Dataset | undefined>
  /** After another transaction changed it: it is read anew. */
  forget(workspace: string, name: string): void
  readonly hold: DefinitionLocks['hold']
}

export interface DatasetRow {
  readonly workspace: string
  readonly name: string
  readonly kind: 'events' | 'table'
  readonly columns: Column[]
  readonly key: string[] | null
  readonly source: DatasetSource
  readonly version: number
  readonly created_at: Date | string
  readonly removing_since: Date | string | null
}

/** A definition another process changed is seen after this long. */
const cachedMs = 1_000
const cachedAtMost = 10_000

export const fields = 'workspace, name, kind, columns, key, source, version, created_at, removing_since'

/** A dataset is hidden while its rows are deleted. */
const isShown = '(removing_since is null)'
const shown = definitionLocks('datasets.dataset', isShown)

/** As a version keeps it. The time of a change before versions were kept is not known. */
export function versionOf({ name, kind, columns, key, version, createdAt }: Dataset, at = createdAt): KeptVersion {
  return { version, definition: { name, kind, columns, ...(key === undefined ? {} : { key }) }, at }
}

export function datasetRef(name: string): ObjectRef {
  return { kind: 'dataset', id: name, name }
}

export interface CatalogueParts {
  readonly metadata: Metadata
  readonly clock: Clock
  readonly emit: Emit
  readonly versions: DefinitionVersions
}

export function catalogue({ metadata, clock, emit, versions }: CatalogueParts): Catalogue {
  const cached = new Map<string, { readonly dataset: Dataset; readonly until: number }>()
  const keep = (found: Dataset): Dataset => {
    if (cached.size >= cachedAtMost) cached.clear()
    cached.set(`${found.workspace}/${found.name}`, { dataset: found, until: performance.now() + cachedMs })
    return found
  }
  const changed = async (
    session: SqlSession,
    payload: z.output<(typeof datasetEvents)['changed']['schema']>,
  ): Promise<void> =>
    await emit(session, datasetEvents.changed, {
      subject: datasetRef(payload.name),
      payload,
    })
  const find: Catalogue['find'] = async (workspace, name) => {
    const known = cached.get(`${workspace}/${name}`)
    if (known !== undefined && known.until > performance.now()) return known.dataset
    const { rows } = await metadata
      .inWorkspace(workspace)
      .query<DatasetRow>(`select ${fields} from datasets.dataset where workspace = $1 and name = $2 and ${isShown}`, [
        workspace,
        name,
      ])
    return rows[0] && keep(datasetOf(rows[0]))
  }
  return {
    find,
    async get(workspace, name) {
      const found = await find(workspace, name)
      if (found === undefined) throw datasetErrors.unknown({ name })
      return found
    },
    async list(workspace) {
      const { rows } = await metadata
        .inWorkspace(workspace)
        .query<DatasetRow>(`select ${fields} from datasets.dataset where workspace = $1 and ${isShown} order by name`, [
          workspace,
        ])
      return rows.map(datasetOf)
    },
    async everything() {
      const { rows } = await metadata.system.query<DatasetRow>(
        `select ${fields} from datasets.dataset where ${isShown} order by workspace, name`,
      )
      return rows.map(datasetOf)
    },
    async add(workspace, spec, source) {
      let made: SqlResult<DatasetRow>
      try {
        made = await metadata.inWorkspace(workspace).transaction(async (session) => {
          const inserted = await session.query<DatasetRow>(
            `insert into datasets.dataset (workspace, name, kind, columns, key, source) values ($1, $2, $3, $4::jsonb, $5::jsonb, $6::jsonb) returning ${fields}`,
            [
              workspace,
              spec.name,
              spec.kind,
              JSON.stringify(spec.columns),
              spec.key === undefined ? null : JSON.stringify(spec.key),
              JSON.stringify(source),
            ],
          )
          const [row] = inserted.rows
          if (row) await versions.keep(session, changeOf(workspace, spec.name, versionOf(datasetOf(row))))
          await changed(session, { name: spec.name, change: 'created', version: 1 })
          return inserted
        })
      } catch (error) {
        throw isUniqueViolation(error) ? await nameConflict(metadata, workspace, spec.name) : error
      }
      const [row] = made.rows
      if (row === undefined) throw datasetErrors.unknown({ name: spec.name })
      return keep(datasetOf(row))
    },
    async change(before, columns) {
      const row = await metadata.inWorkspace(before.workspace).transaction(async (session) => {
        const { rows } = await session.query<DatasetRow>(
          `update datasets.dataset set columns = $4::jsonb, version = version + 1 where workspace = $1 and name = $2 and version = $3 and ${isShown} returning ${fields}`,
          [before.workspace, before.name, before.version, JSON.stringify(columns)],
        )
        if (rows[0] === undefined) return undefined
        const made = versionOf(datasetOf(rows[0]), new Date(clock.now()).toISOString())
        await versions.keep(session, changeOf(before.workspace, before.name, made, versionOf(before)))
        await changed(session, { name: before.name, change: 'columns', version: before.version + 1 })
        return rows[0]
      })
      return row && keep(datasetOf(row))
    },
    hold: shown.hold,
    forget: (workspace, name) => void cached.delete(`${workspace}/${name}`),
  }
}

async function nameConflict(metadata: Metadata, workspace: string, name: string): Promise<Error> {
  const { rows } = await metadata
    .inWorkspace(workspace)
    .query(`select from datasets.dataset where workspace = $1 and name = $2 and not ${isShown}`, [workspace, name])
  return rows.length > 0 ? datasetErrors.removing({ name }) : datasetErrors.taken({ name })
}

export function datasetOf(row: DatasetRow): Dataset {
  return {
    workspace: row.workspace,
    name: row.name,
    kind: row.kind,
    columns: row.columns,
    ...(row.key === null ? {} : { key: row.key }),
    source: row.source,
    version: Number(row.version),
    createdAt: new Date(row.created_at).toISOString(),
  }
}

function changeOf(workspace: string, name: string, made: KeptVersion, former?: KeptVersion): VersionChange {
  return { workspace, ref: datasetRef(name), made, ...(former !== undefined && { former }) }
}
