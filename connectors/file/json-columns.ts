/** Columns of files that are declared to hold JSON: read as the JSON text of each value. */
import { isJsonSql, jsonMemberSql, jsonTextSql, literal, quoteName, raw, sql, text } from '#sdk'
import type { ColumnType, EngineColumn, Sql, Surroundings } from '#sdk'
import { readingSettings } from './formats.ts'

const sampleRecords = 100

/** Cells of Parquet files hold JSON text. */
export function textsAsJson(file: Sql, columns: readonly EngineColumn[]): Sql {
  if (columns.every(({ holds }) => holds !== 'json')) return file
  const values = columns.map(({ name, holds }) =>
    holds === 'json' ? `${jsonTextSql(quoteName(name))} AS ${quoteName(name)}` : quoteName(name),
  )
  return sql`(SELECT ${raw(values.join(', '))} FROM ${file})`
}

/**
 * The engine's reader of JSON lines cannot tell `1` from `"1"` in a column of text, so values of json columns are
 * read from the whole records, which are read a second time. Both readings keep the order of the file.
 */
export function readBesideRecords(path: string, columns: readonly EngineColumn[]): { from: Sql; count: Sql } {
  const others = columns.filter(({ holds }) => holds !== 'json')
  const records = sql`file(${text(path)}, ${text('JSONAsString')}, ${text('_record String')})`
  const structure = others.map(({ name, type }) => `${quoteName(name)} ${type}`).join(', ')
  const typed = sql`file(${text(path)}, ${text('JSONEachRow')}, ${text(structure)})`
  const valid = `assumeNotNull(if(throwIf(NOT ${isJsonSql('_record')}, 'millrace|record') = 0, _record, NULL))`
  const values = columns.map(({ name, holds }) => {
    const value = holds === 'json' ? jsonMemberSql(valid, literal(name).slice(1, -1)) : `typed.${quoteName(name)}`
    return `${value} AS ${quoteName(name)}`
  })
  const both =
    others.length === 0
      ? records
      : sql`(SELECT * FROM ${typed}) AS typed PASTE JOIN (SELECT _record FROM ${records}) AS records`
  return {
    from: sql`(SELECT ${raw(values.join(', '))} FROM ${both})`,
    count: sql`SELECT count() AS rows FROM ${records}`,
  }
}

/** The columns of a file of JSON records, where values of json columns keep the engine from inferring the others. */
export async function columnsBesideJson(
  declared: Readonly<Record<string, ColumnType>> = {},
  path: string,
  around: Surroundings,
): Promise<readonly EngineColumn[] | undefined> {
  const json = Object.keys(declared).filter((name) => declared[name] === 'json')
  if (json.length === 0) return undefined
  const found = await around.engine.rows<{ record: string }>(
    sql`SELECT record FROM file(${text(path)}, ${text('JSONAsString')}, ${text('record String')}) LIMIT ${raw(String(sampleRecords))}`,
  )
  const names = new Set<string>()
  const parsed = found.map(({ record }) => membersOf(record))
  if (parsed.some((members) => members === undefined)) return undefined
  const others = parsed.map((members = []) => {
    for (const [name] of members) names.add(name)
    return JSON.stringify(Object.fromEntries(members.filter(([name]) => !json.includes(name))))
  })
  const lines = sql`format(${text('JSONEachRow')}, ${text(others.join('\n'))})`
  const onlyJson = [...names].every((name) => json.includes(name))
  const inferred = onlyJson ? [] : await around.engine.describe(lines, readingSettings('ndjson'))
  return [...inferred, ...json.filter((name) => names.has(name)).map((name) => ({ name, type: 'Nullable(String)' }))]
}

function membersOf(record: string): [string, unknown][] | undefined {
  try {
    return Object.entries(JSON.parse(record) as Record<string, unknown>)
  } catch {
    return undefined
  }
}
