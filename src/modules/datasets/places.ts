import { quoteName } from '#core/dataset'
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

/** The databases of a workspace, made and migrated when first asked for. */
export function workspacePlaces(
  warehouse: Warehouse,
  migrations: Pick<WarehouseMigrations, 'run'>,
): (workspace: string) => Promise<WorkspacePlace> {
  const made = new Map<string, Promise<WorkspacePlace>>()
  const make = async (workspace: string): Promise<WorkspacePlace> => {
    if (workspace.endsWith('--system')) throw datasetErrors.no_place({ workspace })
    const place = { database: databaseName(workspace), system: systemDatabaseName(workspace) }
    for (const database of [place.database, place.system])
      await warehouse.command(`CREATE DATABASE IF NOT EXISTS ${quoteName(database)}`)
    await migrations.run(place)
    return place
  }
  return (workspace) => {
    const known = made.get(workspace)
    if (known !== undefined) return known
    const making = make(workspace)
    made.set(workspace, making)
    making.catch(() => made.delete(workspace))
    return making
  }
}
