import { randomUUID } from 'node:crypto'
import { isUniqueViolation } from '#ports/metadata'
import type { Metadata } from '#ports/metadata'
import type { Dashboard } from './contract.ts'
import type { DashboardDefinition } from './definition.ts'
import { dashboardErrors } from './errors.ts'

export interface DashboardStore {
  list(workspace: string, page: { limit: number; after: string | undefined }): Promise<readonly Dashboard[]>
  /** By id, or by name. */
  find(workspace: string, id: string): Promise<Dashboard | undefined>
  get(workspace: string, id: string): Promise<Dashboard>
  create(workspace: string, definition: DashboardDefinition): Promise<Dashboard>
  replace(workspace: string, id: string, definition: DashboardDefinition): Promise<Dashboard>
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

export function dashboardStore(metadata: Metadata): DashboardStore {
  const one = async (
    workspace: string,
    definition: DashboardDefinition,
    sql: string,
    values: readonly unknown[],
  ): Promise<Dashboard | undefined> => {
    try {
      const { rows } = await metadata.inWorkspace(workspace).query<Row>(sql, values)
      return rows[0] === undefined ? undefined : shown(rows[0])
    } catch (error) {
      throw isUniqueViolation(error) ? dashboardErrors.taken({ name: definition.name }, { cause: error }) : error
    }
  }
  const find = async (workspace: string, id: string): Promise<Dashboard | undefined> => {
    const { rows } = await metadata
      .inWorkspace(workspace)
      .query<Row>(`select ${columns} from dashboards.dashboard where ${named}`, [id])
    return rows[0] === undefined ? undefined : shown(rows[0])
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
    create: async (workspace, definition) => {
      const made = await one(
        workspace,
        definition,
        `insert into dashboards.dashboard (workspace, id, name, definition) values ($1, $2, $3, $4) returning ${columns}`,
        [workspace, randomUUID(), definition.name, JSON.stringify(definition)],
      )
      return made as Dashboard
    },
    replace: async (workspace, id, definition) => {
      const changed = await one(
        workspace,
        definition,
        `update dashboards.dashboard set name = $2, definition = $3, version = version + 1, updated_at = now() where ${named} returning ${columns}`,
        [id, definition.name, JSON.stringify(definition)],
      )
      if (changed === undefined) throw dashboardErrors.unknown({ id })
      return changed
    },
    remove: async (workspace, id) => {
      const { affected } = await metadata
        .inWorkspace(workspace)
        .query(`delete from dashboards.dashboard where ${named}`, [id])
      if (affected === 0) throw dashboardErrors.unknown({ id })
    },
  }
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
