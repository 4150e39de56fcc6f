import { quoteName } from '#core/dataset'
import { parseJsonValue } from '#core/parse-json'
import type { Position, ReadOptions, ReadSlice, Topic } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import { warehousePositions } from './positions.ts'
import { tableOf } from './topic-columns.ts'

export interface RowsToRead extends ReadOptions {
  /** The last acknowledged position. */
  readonly end: Position
}

/** Acknowledged rows after a position, as JSON lines. */
export async function readRows(
  warehouse: Warehouse,
  topic: Topic,
  { after, limit, from = tableOf(topic), end, signal }: RowsToRead,
): Promise<ReadSlice> {
  const { sql, covers } = warehousePositions
  const maxRows = Math.max(0, Math.floor(limit))
  const names = [...topic.columns.map(({ name }) => quoteName(name)), '_position', '_ingested_at']
  const stream = await warehouse.stream(
    `SELECT ${names.join(', ')} FROM ${from} WHERE ${sql.between(after, end)} ORDER BY _position LIMIT ${maxRows}`,
    'JSONEachRow',
    { engineNames: { ...rowSettings, max_threads: 1 }, ...(signal === undefined ? {} : { signal }) },
  )
  const chunks: Uint8Array[] = []
  for await (const chunk of stream as AsyncIterable<Uint8Array | string>)
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  const ndjson = Buffer.concat(chunks)
  const count = countLines(ndjson)
  const last = count < maxRows ? end : count === 0 ? after : lastPosition(ndjson)
  return { ndjson, count, last: covers(after, last) ? after : last }
}

/** Times as RFC 3339, 64-bit integers and decimals as strings, decimals with all their digits. */
const rowSettings = {
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_decimal_trailing_zeros: 1,
  output_format_json_escape_forward_slashes: 0,
} as const

function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}

function lastPosition(ndjson: Buffer): Position {
  const start = ndjson.lastIndexOf(10, ndjson.length - 2) + 1
  const row = parseJsonValue(ndjson.toString('utf8', start)) as { _position: string }
  return warehousePositions.decode(row._position)
}
