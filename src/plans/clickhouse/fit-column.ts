import { columnTypeOf } from '#core/dataset'
import { literal, raw, sql } from '#sdk'
import type { EngineColumn } from '#sdk'
import { findColumn } from '../columns.ts'
import type { Plan } from '../plan.ts'
import { castValue } from '../project.ts'
import { castSql, convertibleSql, jsonSql, requiredSql } from './casts.ts'
import type { SelectColumn } from './select.ts'

/** The column that is stored as `wanted`. */
export function fitColumn(input: Plan, { name, type: engine, holds }: EngineColumn): SelectColumn {
  const engineText = raw(literal(engine))
  const column = findColumn(input, name)
  if (column === undefined) return { name, value: sql`CAST(NULL, ${engineText})` }
  const { type: stored, nullable } = columnTypeOf(engine)
  const type = holds ?? stored
  const asJson = type === 'json' && column.type !== 'json'
  if (column.engine === engine && !asJson) return { name }
  const cast = { column: name, type, otherwise: 'fail' } as const
  const typed = asJson ? column : castValue(input, cast)
  const value = asJson ? jsonSql(column) : 'value' in typed ? castSql(input, cast) : convertibleSql(column, type)
  const empty = 'nullable' in typed ? typed.nullable : column.nullable
  return { name, value: sql`CAST(${nullable || !empty ? value : requiredSql(name, value)}, ${engineText})` }
}
