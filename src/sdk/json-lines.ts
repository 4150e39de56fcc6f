import { quoteName } from '#core/dataset'
import { jsonTextSql } from '#core/json-text'
import type { EngineColumn } from './reading.ts'
import { literal, raw, sql } from './sql.ts'
import type { Sql } from './sql.ts'

/** A line of JSON for each row: the engine's own writer would put the text of a json column into a string. */
export function jsonLinesSql(select: Sql, columns: readonly EngineColumn[]): Sql {
  const members = columns.map(({ name, holds }) => {
    const value = `toJSONString(${quoteName(name)})`
    const json = `ifNull(${jsonTextSql(quoteName(name))}, 'null')`
    return `${literal(`${JSON.stringify(name)}:`)}, ${holds === 'json' ? json : value}`
  })
  return sql`SELECT concat('{', ${raw(members.join(", ',', "))}, '}') AS line FROM (${select})`
}

/** How values are written in lines of JSON: numbers as numbers, times as ISO. */
export const jsonLinesSettings = { exactNumbers: 'number', decimalDigits: 'all', times: 'rfc3339' } as const
