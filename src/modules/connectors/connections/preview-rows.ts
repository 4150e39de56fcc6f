/** The first rows of a source, as they come from it. */
import { parseExact } from '#core/exact-json'
import { columnTypeOf, linesOf, raw, sql } from '#sdk'
import type { BatchReading, ColumnType, EngineColumn, EngineReading, Reading, Surroundings } from '#sdk'

export interface PreviewRows {
  readonly columns: PreviewColumn[]
  readonly rows: Record<string, unknown>[]
}

interface PreviewColumn {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
}

export async function previewRows(reading: Reading, around: Surroundings, limit: number): Promise<PreviewRows> {
  return reading.by === 'engine'
    ? await engineRows(reading, around, limit)
    : await batchRows(reading, around.signal, limit)
}

async function engineRows(
  { from, where, columns, settings, explain }: EngineReading,
  around: Surroundings,
  limit: number,
): Promise<PreviewRows> {
  const condition = where === undefined ? raw('') : sql`WHERE ${where}`
  try {
    const found = await around.engine.rows<Record<string, unknown>>(
      sql`SELECT * FROM ${from} ${condition} LIMIT ${raw(String(limit))}`,
      { ...settings, times: 'rfc3339', decimalDigits: 'all' },
    )
    const flags = columns.filter(({ holds }) => holds === 'boolean').map(({ name }) => name)
    return { columns: columns.map(columnOf), rows: found.map((row) => withBooleans(row, flags)) }
  } catch (error) {
    throw explain?.(around.engine.failureOf(error)) ?? error
  }
}

/** Some engines have booleans as numbers. */
function withBooleans(row: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  const flags = names.map((name) => [name, row[name] === null ? null : Boolean(row[name])] as const)
  return { ...row, ...Object.fromEntries(flags) }
}

function columnOf({ name, type, holds }: EngineColumn): PreviewColumn {
  const known = columnTypeOf(type)
  return { name, type: holds ?? known.type, nullable: known.nullable }
}

async function batchRows({ batches }: BatchReading, signal: AbortSignal, limit: number): Promise<PreviewRows> {
  const rows: Record<string, unknown>[] = []
  for await (const batch of batches(signal)) {
    for (const lines of linesOf(batch))
      for (const line of lines.slice(0, limit - rows.length)) rows.push(recordOf(parseExact(line)))
    if (rows.length === limit) break
  }
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return { columns: names.map((name) => seenColumn(name, rows)), rows }
}

function recordOf(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRecord ? (value as Record<string, unknown>) : { value }
}

function seenColumn(name: string, rows: readonly Record<string, unknown>[]): PreviewColumn {
  const values = rows.map((row) => row[name] ?? null)
  const types = new Set(values.filter((value) => value !== null).map(typeOf))
  const [only = 'string'] = types
  return { name, type: types.size > 1 ? 'json' : only, nullable: values.includes(null) }
}

function typeOf(value: unknown): ColumnType {
  if (typeof value === 'boolean') return 'boolean'
  // `parseExact` keeps numbers as they were written.
  const written = (value as { rawJSON?: unknown }).rawJSON
  if (typeof written === 'string') return /^-?\d+$/.test(written) ? 'integer' : 'number'
  return typeof value === 'string' ? 'string' : 'json'
}
