import { randomUUID } from 'node:crypto'
import type { ObjectRef } from '#core/object-ref'
import { requireCurrentVersion, type DefinitionVersions, type KeptVersion } from '#kernel/definition-versions'
import { mapUniqueViolation } from '#ports/metadata'
import type { Metadata, SqlSession } from '#ports/metadata'
import type { Dashboard } from './contract.ts'
import type { DashboardDefinition } from './definition.ts'
import { dashboardErrors } from './errors.ts'

export interface DashboardStore {
  list(workspace: string, page: { limit: number; after: string | undefined }): Promise<readonly Dashboard[]>
  /** By id, or by name. */
  find(workspace: string, id: string): Promise<Dashboard | undefined>
  get(workspace: string, id: string): Promise<Dashboard>
  /** Rejects with `dashboards.unknown`. */
  current(workspace: string, id: string): Promise<{ readonly ref: ObjectRef; readonly current: KeptVersion }>
  create(workspace: string, definition: DashboardDefinition): Promise<Dashboard>
  /** Rejects with `kernel.staleVersion` when the dashboard has another version than `given` by now. */
  replace(workspace: string, id: string, definition: DashboardDefinition, given?: number): Promise<Dashboard>
  remove(workspace: string, id: string): Promise<void>
}

interface Row {
  readonly id: string
  readonly definition: DashboardDefinition
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
}

const columns = 'id, definition, version, created_at, updated_at'
const named = `id = (select id from dashboards.dashboard where id = $1 or name = $1 order by id = $1 desc limit 1)`

export function dashboardStore(metadata: Metadata, versions: DefinitionVersions): DashboardStore {
  const change = async (
    workspace: string,
    { name }: DashboardDefinition,
    work: (session: SqlSession) => Promise<Dashboard>,
  ): Promise<Dashboard> => {
    return mapUniqueViolation(
      (cause) => dashboardErrors.taken({ name }, { cause }),
      () => metadata.inWorkspace(workspace).transaction(work),
    )
  }
  const findRow = async (workspace: string, id: string): Promise<Row | undefined> => {
    const { rows } = await metadata
      .inWorkspace(workspace)
      .query<Row>(`select ${columns} from dashboards.dashboard where ${named}`, [id])
    return rows[0]
  }
  const find = async (workspace: string, id: string): Promise<Dashboard | undefined> => {
    const row = await findRow(workspace, id)
    return row && shown(row)
  }
  return {
    list: async (workspace, { limit, after }) => {
      const { rows } = await metadata
        .inWorkspace(workspace)
        .query<Row>(
          `select ${columns} from dashboards.dashboard where $1::text is null or name > $1 order by name limit $2`,
          [after ?? null, limit],
        )
      return rows.map(shown)
    },
    find,
    get: async (workspace, id) => {
      const found = await find(workspace, id)
      if (found === undefined) throw dashboardErrors.unknown({ id })
      return found
    },
    current: async (workspace, id) => {
      const row = await findRow(workspace, id)
      if (row === undefined) throw dashboardErrors.unknown({ id })
      return { ref: refOf(row), current: versionOf(row) }
    },
    create: (workspace, definition) =>
      change(workspace, definition, async (session) => {
        const { rows } = await session.query<Row>(
          `insert into dashboards.dashboard (workspace, id, name, definition) values ($1, $2, $3, $4) returning ${columns}`,
          [workspace, randomUUID(), definition.name, JSON.stringify(definition)],
        )
        const made = rows[0] as Row
        await versions.keep(session, { workspace, ref: refOf(made), made: versionOf(made) })
        return shown(made)
      }),
    replace: (workspace, id, definition, given) =>
      change(workspace, definition, async (session) => {
        const { rows } = await session.query<Row>(
          `select ${columns} from dashboards.dashboard where ${named} for update`,
          [id],
        )
        const [former] = rows
        if (former === undefined) throw dashboardErrors.unknown({ id })
        requireCurrentVersion(refOf(former), { given, current: former.version })
        const changed = await session.query<Row>(
          `update dashboards.dashboard set name = $2, definition = $3, version = version + 1, updated_at = now()
           where id = $1 returning ${columns}`,
          [former.id, definition.name, JSON.stringify(definition)],
        )
        const made = changed.rows[0] as Row
        await versions.keep(session, { workspace, ref: refOf(made), made: versionOf(made), former: versionOf(former) })
        return shown(made)
      }),
    remove: async (workspace, id) => {
      await metadata.inWorkspace(workspace).transaction(async (session) => {
        const { rows } = await session.query<Row>(
          `delete from dashboards.dashboard where ${named} returning ${columns}`,
          [id],
        )
        if (rows[0] === undefined) throw dashboardErrors.unknown({ id })
        await versions.forget(session, workspace, refOf(rows[0]))
      })
    },
  }
}

function refOf({ id, definition }: Row): ObjectRef {
  return { kind: 'dashboard', id, name: definition.name }
}

function versionOf({ version, definition, updated_at }: Row): KeptVersion {
  return { version, definition, at: updated_at.toISOString() }
}

function shown({ id, definition, version, created_at, updated_at }: Row): Dashboard {
  return {
    ...definition,
    id,
    title: definition.title ?? definition.name,
    version,
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
  }
}
