/** The place of a `table` dataset: one row per key. The latest load wins, and within a load the last row. */
import { engineType, quoteName, type Column } from '#core/dataset'
import { WarehouseError, type QueryOptions, type Warehouse, type WarehouseErrorKind } from '#ports/warehouse'
import { datasetErrors } from './errors.ts'
import type { Dataset, TableLoad } from './index.ts'
import { tableName, tableOf } from './places.ts'

export interface KeyedTable {
  /** Creates it, or adds the columns it lacks. */
  prepare(dataset: Dataset): Promise<void>
  /** Rows go into a table beside it first, so that readers see all of them or none. */
  load(dataset: Dataset, load: TableLoad): Promise<void>
  drop(dataset: Dataset): Promise<void>
}

export function keyedTable(warehouse: Warehouse): KeyedTable {
  const run = (sql: string): Promise<unknown> => warehouse.command(sql, { lane: 'ingest' })
  return {
    async prepare(dataset) {
      const key = (dataset.key ?? []).map(quoteName).join(', ')
      const columns = dataset.columns
        .map((column) => `${quoteName(column.name)} ${storedType(dataset, column)}`)
        .join(', ')
      await run(
        `CREATE TABLE IF NOT EXISTS ${tableName(dataset)} (${columns}) ENGINE = ReplacingMergeTree ORDER BY (${key})`,
      )
      const present = new Set(
        (
          await warehouse.rows<{ name: string }>(
            'SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String}',
            { parameters: tableOf(dataset) },
          )
        ).map((column) => column.name),
      )
      for (const column of dataset.columns) {
        if (!present.has(column.name))
          await run(
            `ALTER TABLE ${tableName(dataset)} ADD COLUMN IF NOT EXISTS ${quoteName(column.name)} ${storedType(dataset, column)}`,
          )
      }
    },
    async load(dataset, load) {
      const beside = tableName(dataset, '_next_')
      const names = dataset.columns.map((column) => quoteName(column.name)).join(', ')
      const options: QueryOptions = {
        lane: 'batch',
        settings: { ...load.settings, emptyValues: 'refused', insert: 'synchronous', order: 'kept' },
        ...(load.limits === undefined ? {} : { limits: load.limits }),
        ...(load.parameters === undefined ? {} : { parameters: load.parameters }),
        ...(load.signal === undefined ? {} : { signal: load.signal }),
      }
      await run(`DROP TABLE IF EXISTS ${beside} SYNC`)
      try {
        await run(`CREATE TABLE ${beside} AS ${tableName(dataset)}`)
        try {
          await warehouse.command(`INSERT INTO ${beside} (${names}) SELECT ${names} FROM (${load.select})`, options)
        } catch (error) {
          if (error instanceof WarehouseError && misfits.has(error.kind)) {
            throw datasetErrors.not_loaded(
              { name: dataset.name, reason: error.message.slice(0, 500) },
              { cause: error },
            )
          }
          throw error
        }
        if (load.mode === 'overwrite') await run(`EXCHANGE TABLES ${beside} AND ${tableName(dataset)}`)
        else await run(`ALTER TABLE ${tableName(dataset)} ATTACH PARTITION tuple() FROM ${beside}`)
      } finally {
        await run(`DROP TABLE IF EXISTS ${beside} SYNC`).catch(() => undefined)
      }
    },
    async drop(dataset) {
      await run(`DROP TABLE IF EXISTS ${tableName(dataset, '_next_')} SYNC`)
      await run(`DROP TABLE IF EXISTS ${tableName(dataset)} SYNC`)
    },
  }
}

/** Kinds that speak of the rows: no such column, types that do not convert, null where none may be. */
const misfits: ReadonlySet<WarehouseErrorKind> = new Set(['data', 'columns', 'unknown_column'])

function storedType(dataset: Dataset, column: Column): string {
  const type = engineType(column.type)
  return column.nullable && !(dataset.key ?? []).includes(column.name) ? `Nullable(${type})` : type
}
