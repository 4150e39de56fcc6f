import { quoteName } from '#core/dataset'
import { oncePerKey } from '#core/once-per-key'
import type { WarehouseMigrations } from '#kernel/module'
import type { Warehouse } from '#ports/warehouse'
import { datasetErrors } from './errors.ts'
import type { WorkspacePlace } from './index.ts'

/**
 * No two workspaces share a database: ids hold no underscore, and none that ends in `--system` is accepted, because
 * its database would be the system database of another workspace. The prefix keeps them apart from the engine's own.
 */
export function databaseName(workspace: string): string {
  return `ws_${workspace.replaceAll('-', '_')}`
}

export function systemDatabaseName(workspace: string): string {
  return `${databaseName(workspace)}__system`
}

/** Where the rows of a dataset lie. Reads go through `readableRows`; only what fills, sizes or drops the table names it. */
export function tableOf({ workspace, name }: { readonly workspace: string; readonly name: string }): {
  readonly database: string
  readonly table: string
} {
  return { database: databaseName(workspace), table: name }
}

/** The same, quoted; `prefix` names a table beside it. */
export function tableName(dataset: { readonly workspace: string; readonly name: string }, prefix = ''): string {
  const { database, table } = tableOf(dataset)
  return `${quoteName(database)}.${quoteName(prefix + table)}`
}

/** The databases of a workspace, made and migrated when first asked for. */
export function workspacePlaces(
  warehouse: Warehouse,
  migrations: Pick<WarehouseMigrations, 'run'>,
): (workspace: string) => Promise<WorkspacePlace> {
  const made = oncePerKey<WorkspacePlace>()
  const make = async (workspace: string): Promise<WorkspacePlace> => {
    if (workspace.endsWith('--system')) throw datasetErrors.no_place({ workspace })
    const place = {
      userDatabase: databaseName(workspace),
      system: systemDatabaseName(workspace),
      empty: 'millrace_empty',
    }
    for (const database of Object.values(place))
      await warehouse.command(`CREATE DATABASE IF NOT EXISTS ${quoteName(database)}`)
    await migrations.run({ database: place.userDatabase, system: place.system })
    return place
  }
  return (workspace) => made(workspace, () => make(workspace))
}
