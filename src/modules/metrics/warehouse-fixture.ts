/** For tests: an engine of its own, with datasets whose rows are put in by position. */
import { openEmbeddedWarehouse } from '#adapters/log-warehouse/embedded-fixture'
import { Column, engineType, quoteName } from '#core/dataset'
import type { Warehouse } from '#ports/warehouse'
import type { Dataset } from '#modules/datasets'

export interface WarehouseFixture {
  readonly warehouse: Warehouse
  readonly database: string
  makeDataset(spec: {
    name: string
    kind?: 'events' | 'table'
    columns: readonly { name: string; type: string; nullable?: boolean; tags?: string[] }[]
  }): Promise<Dataset>
  /** Rows get the positions after `after`. */
  append(dataset: Dataset, rows: readonly Readonly<Record<string, unknown>>[], after: bigint): Promise<void>
  close(): Promise<void>
}

export async function warehouseFixture(): Promise<WarehouseFixture> {
  const { warehouse, remove } = await openEmbeddedWarehouse()
  const database = 'ws_test'
  await warehouse.command(`CREATE DATABASE ${database}`)
  return {
    warehouse,
    database,
    async makeDataset({ name, kind = 'events', columns }) {
      const made = datasetOf({ name, kind, columns })
      const own = made.columns.map(
        (column) =>
          `${quoteName(column.name)} ${column.nullable ? `Nullable(${engineType(column.type)})` : engineType(column.type)}`,
      )
      const internal = kind === 'events' ? ['_position UInt64', "_ingested_at DateTime64(6, 'UTC')"] : []
      const engineClause =
        kind === 'events'
          ? 'MergeTree ORDER BY _position'
          : `ReplacingMergeTree ORDER BY ${quoteName(made.columns[0]!.name)}`
      await warehouse.command(
        `CREATE TABLE ${database}.${quoteName(made.name)} (${[...own, ...internal].join(', ')}) ENGINE = ${engineClause}`,
      )
      return made
    },
    async append(dataset, rows, after) {
      const positioned =
        dataset.kind === 'events'
          ? rows.map((row, index) => ({
              ...row,
              _position: String(after + BigInt(index) + 1n),
              _ingested_at: '2026-11-21 00:00:00',
            }))
          : rows
      const body = Buffer.from(positioned.map((row) => JSON.stringify(row)).join('\n'))
      if (rows.length > 0)
        await warehouse.insert(`INSERT INTO ${database}.${quoteName(dataset.name)} FORMAT JSONEachRow`, body, {
          settings: { timesRead: 'any' },
        })
    },
    close: remove,
  }
}

/** The SQL behind `FROM` for all rows of a dataset of this house. */
export function fromOf({ name, kind }: Dataset, database = 'ws_test'): string {
  return `${quoteName(database)}.${quoteName(name)}${kind === 'table' ? ' FINAL' : ''}`
}

export function datasetOf({
  name,
  kind = 'events',
  columns,
}: {
  name: string
  kind?: 'events' | 'table'
  columns: readonly object[]
}): Dataset {
  return {
    name,
    kind,
    columns: columns.map((column) => Column.parse(column)),
    ...(kind === 'table' && { key: [Column.parse(columns[0]).name] }),
    workspace: 'test',
    source: { kind: 'declared' },
    version: 1,
    createdAt: '2026-11-21T00:00:00.000Z',
  }
}
