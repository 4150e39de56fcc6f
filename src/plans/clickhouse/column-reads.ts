import { jsonMemberSql } from '#core/json-text'
import { literal, name, raw, sql, text } from '#sdk'
import type { Sql } from '#sdk'
import type { ColumnRead, MemberType, PlanColumn } from '../plan.ts'
import { aliased } from './select.ts'
import type { SelectColumn } from './select.ts'

/** How a column is read from what is there. */
export function readSql(column: PlanColumn, read: ColumnRead | undefined): Omit<SelectColumn, 'name'> {
  const given = aliased(column.name)
  switch (read?.as) {
    case 'boolean':
      return { value: sql`CAST(${given}, ${raw(literal(column.engine ?? 'Bool'))})`, bare: true }
    case 'json':
      return { value: sql`toJSONString(${given})` }
    case 'text':
      return { value: sql`toString(${given})` }
    case 'exact_integer':
      return { value: sql`accurateCast(${given}, ${raw(literal(column.engine ?? 'Int64'))})` }
    case 'member':
      return { value: memberSql(read.record, column.name, read.member) }
    default:
      return {}
  }
}

function memberSql(record: string, key: string, member: MemberType): Sql {
  const of = (type: string): Sql => sql`JSONExtract(${name(record)}, ${text(key)}, ${raw(`'Nullable(${type})'`)})`
  const written = sql`JSONExtractString(${name(record)}, ${text(key)})`
  switch (member) {
    case 'boolean':
      return of('Bool')
    case 'integer':
      return of('Int64')
    case 'number':
      return of('Float64')
    case 'decimal':
      return of('Decimal(38, 0)')
    case 'date':
      return sql`toDate32OrNull(${written})`
    case 'timestamp':
      return sql`parseDateTime64BestEffortOrNull(${written}, 6, 'UTC')`
    case 'json':
      return raw(jsonMemberSql(record, literal(key).slice(1, -1)))
    case 'null':
    case 'string':
      return sql`if(JSONType(${name(record)}, ${text(key)}) = 'String', ${of('String')}, nullIf(nullIf(JSONExtractRaw(${name(record)}, ${text(key)}), ''), 'null'))`
  }
}
