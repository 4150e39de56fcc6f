/** Columns of files that are declared to hold JSON. */
import { jsonTextSql, parseJson, quoteName, raw, sql, text } from '#sdk'
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
  const inferred = onlyJson
    ? []
    : await around.engine.describe(lines, { ...readingSettings('ndjson'), inferredNumbers: 'float' })
  return [...inferred, ...json.filter((name) => names.has(name)).map((name) => ({ name, type: 'Nullable(String)' }))]
}

function membersOf(record: string): [string, unknown][] | undefined {
  try {
    return Object.entries(parseJson(record) as Record<string, unknown>)
  } catch {
    return undefined
  }
}
