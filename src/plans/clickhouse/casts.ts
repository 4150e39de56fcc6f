/** Casts that fail when a value does not fit, instead of losing it. */
import type { ColumnType } from '#core/dataset'
import { compileExpression, firstInstant, lastInstant, microsPerDay } from '#core/expression'
import { jsonTextSql } from '#core/json-text'
import { literal, raw, sql } from '#sdk'
import type { Sql } from '#sdk'
import { columnOf } from '../columns.ts'
import type { CastValue, Plan, PlanColumn } from '../plan.ts'
import { castExpression, isToJson, keepsValue } from '../project.ts'
import { aliased, aliasedText } from './select.ts'

export function castSql(input: Plan, value: Omit<CastValue, 'kind'>): Sql {
  const column = columnOf(input, value.column)
  if (keepsValue(column, value.type)) return aliased(column.name)
  if (isToJson(column, value.type)) return jsonSql(column)
  const { type, nullable, name } = column
  const scope = { columns: new Map([[name, { type, nullable, sql: aliasedText(name) }]]) }
  const compiled = compileExpression(castExpression(value), scope)
  const cast = raw(compiled.sql)
  if (!compiled.nullable || value.otherwise === 'null') return cast
  return failsWhere(column, value.type, sql`isNotNull(${aliased(name)}) AND isNull(${cast})`, cast)
}

/**
 * The value of a column that the engine's own CAST converts, as an integer to a timestamp. It would make another time of
 * a number out of range.
 */
export function convertibleSql(column: PlanColumn, type: ColumnType): Sql {
  const value = aliased(column.name)
  const first = firstTimes[type]
  if (first === undefined || !/^(integer|number|decimal)/.test(column.type)) return value
  const fits = sql`${value} >= ${raw(first)} AND ${value} < ${raw(endOfTimes)}`
  return failsWhere(column, type, sql`isNotNull(${value}) AND NOT (${fits})`, value)
}

/** As seconds, or as days where the engine reads small numbers so. */
const firstTimes: Readonly<Record<string, string>> = {
  timestamp: String(firstInstant / 1_000_000n),
  date: String(firstInstant / microsPerDay),
}
/** The second after the last one. */
const endOfTimes = String((lastInstant + 1n) / 1_000_000n)

function failsWhere({ name, nullable }: PlanColumn, type: ColumnType, fails: Sql, value: Sql): Sql {
  const complaint = raw(literal(`millrace|cast|${name}|${type}`))
  const checked = sql`if(throwIf(${fails}, ${complaint}) = 0, ${value}, NULL)`
  return nullable ? checked : sql`assumeNotNull(${checked})`
}

/** The value of a column, which a column without empty values stores. */
export function requiredSql(column: string, value: Sql): Sql {
  const complaint = raw(literal(`millrace|null|${column}`))
  return sql`assumeNotNull(if(throwIf(isNull(${value}), ${complaint}) = 0, ${value}, NULL))`
}

/** Text that holds JSON becomes that JSON; other values become the JSON of themselves. */
export function jsonSql({ name, type, nullable }: PlanColumn): Sql {
  const value = aliasedText(name)
  const json = type === 'string' ? jsonTextSql(value) : `if(isNull(${value}), NULL, toJSONString(${value}))`
  return raw(nullable ? json : `assumeNotNull(${json})`)
}

/** The column, and the type it should get, of a cast or a missing value that made a query fail. */
export function readCastFailure(message: string): { readonly column: string; readonly type?: string } | undefined {
  const cast = /millrace\|cast\|(.*?)\|([a-z]+(?:\(\d+,\d+\))?)/.exec(message)
  if (cast !== null) return { column: cast[1] ?? '', type: cast[2] ?? '' }
  const empty = /millrace\|null\|(.*?)(?=['":]|$)/.exec(message)
  return empty === null ? undefined : { column: empty[1] ?? '' }
}
