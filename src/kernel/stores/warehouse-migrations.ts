/**
 * Brings the warehouse to the form that the modules expect, as `migrate` does for metadata: each
 * module's folder of numbered files, in order, once each, recorded in `stores.warehouse_migration`.
 *
 * The record and the warehouse commit apart, so a file whose run was cut off runs again from its
 * beginning: every migration may be repeated. A `0001-….sql` holds statements that are so by their
 * form (`IF NOT EXISTS`, `IF EXISTS`, `OR REPLACE`), separated by semicolons; anything else is code:
 * a `0002-….ts` that exports `migrate(target)` and looks by itself at what is done already.
 */
import { quoteName } from '#core/dataset'
import type { Lease, Leases } from '#ports/leases'
import type { Metadata } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'
import { migrationErrors } from '../module/migrations.ts'
import {
  readMigrations,
  type MigrationTarget,
  type WarehouseMigration,
  type WorkspaceDatabases,
} from './warehouse-migration-files.ts'

export type { MigrationTarget, WorkspaceDatabases } from './warehouse-migration-files.ts'

export interface WarehouseMigrating {
  readonly name: string
  /** Folder of files that run for each workspace, before its databases are first used by this process. */
  readonly warehouseMigrations?: URL | undefined
}

export interface WarehouseMigrations {
  /** Runs what these databases lack; resolves when they have the form that the modules expect. Returns the files that ran, as `module/0001-…`. */
  run(databases: WorkspaceDatabases): Promise<readonly string[]>
}

/** The schema `stores` is there. */
export async function openWarehouseMigrations(
  modules: readonly WarehouseMigrating[],
  ports: { readonly metadata: Metadata; readonly warehouse: Warehouse; readonly leases: Leases },
): Promise<WarehouseMigrations> {
  const migrations = (
    await Promise.all(
      modules.map(({ name, warehouseMigrations }) =>
        warehouseMigrations === undefined ? [] : readMigrations(name, warehouseMigrations),
      ),
    )
  ).flat()
  return {
    async run(databases) {
      if (migrations.length === 0) return []
      const scope = await scopeOf(ports.warehouse, databases)
      if ((await missing(ports.metadata, scope, migrations)).length === 0) return []
      const lease = await ports.leases.acquire(`warehouse-migrations/${databases.system}`, { waitMs: 60_000 })
      try {
        const ran: string[] = []
        for (const migration of await missing(ports.metadata, scope, migrations)) {
          await apply(migration, { ...databases, warehouse: ports.warehouse, metadata: ports.metadata })
          await record(ports.metadata, lease, scope, migration)
          ran.push(`${migration.module}/${migration.name}`)
        }
        return ran
      } finally {
        await lease.release()
      }
    },
  }
}

/** With the id of the database: one that was made anew has none of the tables of the former. */
async function scopeOf(warehouse: Warehouse, { system }: WorkspaceDatabases): Promise<string> {
  const [row] = await warehouse.rows<{ uuid: string }>(
    'SELECT toString(uuid) AS uuid FROM system.databases WHERE name = {system:String}',
    { lane: 'ingest', parameters: { system } },
  )
  if (row === undefined) throw new Error(`The warehouse has no database "${system}".`)
  return `${system}/${row.uuid}`
}

async function missing(
  metadata: Metadata,
  scope: string,
  migrations: readonly WarehouseMigration[],
): Promise<readonly WarehouseMigration[]> {
  const { rows } = await metadata.system.query<{ module: string; name: string; checksum: string | null }>(
    'select module, name, checksum from stores.warehouse_migration where scope = $1',
    [scope],
  )
  const known = new Map(migrations.map((migration) => [`${migration.module}/${migration.name}`, migration]))
  const modules = new Set(migrations.map(({ module }) => module))
  for (const { module, name, checksum } of rows) {
    const migration = known.get(`${module}/${name}`)
    if (migration === undefined) {
      if (modules.has(module)) throw migrationErrors.gone({ module, file: name })
      continue
    }
    if (migration.checksum !== checksum) throw migrationErrors.changed({ module, file: name })
    known.delete(`${module}/${name}`)
  }
  return [...known.values()]
}

async function apply(migration: WarehouseMigration, target: MigrationTarget): Promise<void> {
  const { module, name } = migration
  try {
    if ('migrate' in migration) return await migration.migrate(target)
    for (const statement of migration.statements) {
      const sql = statement
        .replaceAll('{database}', quoteName(target.database))
        .replaceAll('{system}', quoteName(target.system))
      await target.warehouse.command(sql, { lane: 'ingest' })
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw migrationErrors.cut_off({ module, file: name, reason }, { cause: error })
  }
}

async function record(metadata: Metadata, lease: Lease, scope: string, migration: WarehouseMigration): Promise<void> {
  await lease.query(
    metadata.system,
    'insert into stores.warehouse_migration (scope, module, name, checksum) values ($1, $2, $3, $4)',
    [scope, migration.module, migration.name, migration.checksum],
  )
}
