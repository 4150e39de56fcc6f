import { quoteName } from '#core/dataset'
import type { Warehouse } from '#ports/warehouse'
import type { Dataset } from './index.ts'

export interface Size {
  readonly rows: number
  readonly bytes: number
  readonly freshness: string | null
}

/** Rows, bytes on disk and the time of the latest rows of datasets of one workspace. */
export async function datasetSizes(
  warehouse: Warehouse,
  datasets: readonly Dataset[],
  loadedAt: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Size>> {
  const [first] = datasets
  if (first === undefined) return new Map()
  const tables = await warehouse.rows<{ name: string; bytes: string }>(
    `SELECT name, toString(ifNull(total_bytes, 0)) AS bytes FROM system.tables WHERE database = {database:String} AND name IN {tables:Array(String)}`,
    { parameters: { database: first.database, tables: datasets.map((dataset) => dataset.table) } },
  )
  const bytes = new Map(tables.map((table) => [table.name, Number(table.bytes)]))
  const present = datasets.filter((dataset) => bytes.has(dataset.table))
  const counted =
    present.length === 0
      ? []
      : await warehouse.rows<{ place: number; rows: string; latest: string | null }>(
          present.map((dataset, place) => countSql(dataset, place)).join(' UNION ALL '),
          { settings: { date_time_output_format: 'iso' } },
        )
  const sizes = new Map<string, Size>(datasets.map((dataset) => [dataset.name, { rows: 0, bytes: 0, freshness: null }]))
  for (const { place, rows, latest } of counted) {
    const dataset = present[Number(place)]
    if (dataset === undefined) continue
    const freshness = dataset.kind === 'table' ? (loadedAt.get(dataset.name) ?? null) : latest
    sizes.set(dataset.name, { rows: Number(rows), bytes: bytes.get(dataset.table) ?? 0, freshness })
  }
  return sizes
}

function countSql(dataset: Dataset, place: number): string {
  const table = `${quoteName(dataset.database)}.${quoteName(dataset.table)}`
  const none = `CAST(NULL, 'Nullable(DateTime64(6, \\'UTC\\'))')`
  if (dataset.kind === 'table')
    return `SELECT toUInt32(${place}) AS place, toString(count()) AS rows, ${none} AS latest FROM ${table} FINAL`
  const latest = `(SELECT toNullable(_ingested_at) FROM ${table} ORDER BY _position DESC LIMIT 1)`
  return `SELECT toUInt32(${place}) AS place, toString(count()) AS rows, ${latest} AS latest FROM ${table}`
}
