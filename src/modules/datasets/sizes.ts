import type { Ports } from '#kernel/module'
import type { ReadableRows } from './index.ts'
import { tableOf } from './places.ts'

export interface Size {
  readonly rows: number
  readonly bytes: number
  readonly freshness: string | null
}

/** Of datasets of one workspace: the rows that their reader sees and when the latest came, and the bytes on disk of all. */
export async function datasetSizes(
  { warehouse, log }: Pick<Ports, 'warehouse' | 'log'>,
  readable: readonly ReadableRows[],
  loadedAt: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Size>> {
  const datasets = readable.map(({ dataset }) => dataset)
  const [first] = datasets
  if (first === undefined) return new Map()
  const tables = await warehouse.rows<{ name: string; bytes: string }>(
    `SELECT name, toString(ifNull(total_bytes, 0)) AS bytes FROM system.tables WHERE database = {database:String} AND name IN {tables:Array(String)}`,
    { parameters: { database: tableOf(first).database, tables: datasets.map((dataset) => tableOf(dataset).table) } },
  )
  const bytes = new Map(tables.map((table) => [table.name, Number(table.bytes)]))
  const present = readable.filter(({ dataset }) => bytes.has(tableOf(dataset).table))
  const counted =
    present.length === 0
      ? []
      : await warehouse.rows<{ place: number; rows: string; latest: string | null }>(
          present.map((rows, place) => countSql(rows, place, log.positions.sql.row.newestFirst)).join(' UNION ALL '),
          { settings: { times: 'rfc3339' } },
        )
  const sizes = new Map<string, Size>(datasets.map((dataset) => [dataset.name, { rows: 0, bytes: 0, freshness: null }]))
  for (const { place, rows, latest } of counted) {
    const dataset = present[Number(place)]?.dataset
    if (dataset === undefined) continue
    const freshness = dataset.kind === 'table' ? (loadedAt.get(dataset.name) ?? null) : latest
    sizes.set(dataset.name, { rows: Number(rows), bytes: bytes.get(tableOf(dataset).table) ?? 0, freshness })
  }
  return sizes
}

function countSql({ dataset, from }: ReadableRows, place: number, newestFirst: string): string {
  const none = `CAST(NULL, 'Nullable(DateTime64(6, \\'UTC\\'))')`
  if (dataset.kind === 'table')
    return `SELECT toUInt32(${place}) AS place, toString(count()) AS rows, ${none} AS latest FROM ${from}`
  const latest = `(SELECT toNullable(_ingested_at) FROM ${from} ORDER BY ${newestFirst} LIMIT 1)`
  return `SELECT toUInt32(${place}) AS place, toString(count()) AS rows, ${latest} AS latest FROM ${from}`
}
