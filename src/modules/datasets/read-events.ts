/** Events after a position for a reader from whom some rows or values are kept: what `read` of the log gives the others. */
import { quoteName } from '#core/dataset'
import type { ReadSlice } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import type { ReadableRows } from './index.ts'
import { rowSettings } from './rows.ts'

export interface EventsQuestion {
  readonly after: bigint
  readonly limit: number
  /** The last position there is. */
  readonly end: bigint
  readonly signal?: AbortSignal
}

export async function readRestrictedEvents(
  warehouse: Warehouse,
  { dataset, from }: ReadableRows,
  { after, limit, end, signal }: EventsQuestion,
): Promise<ReadSlice> {
  const names = [...dataset.columns.map(({ name }) => name), '_position', '_ingested_at'].map(quoteName).join(', ')
  const rows = await warehouse.rows<Readonly<Record<string, unknown>>>(
    `SELECT ${names} FROM ${from} WHERE _position > {after:UInt64} AND _position <= {end:UInt64} ORDER BY _position LIMIT ${Math.max(0, Math.floor(limit))}`,
    {
      parameters: { after: String(after), end: String(end) },
      settings: { ...rowSettings, output_format_json_escape_forward_slashes: 0 },
      ...(signal === undefined ? {} : { signal }),
    },
  )
  const last = rows.length < limit ? end : BigInt(String(rows.at(-1)?.['_position'] ?? after))
  return {
    ndjson: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    count: rows.length,
    last: last > after ? last : after,
  }
}
