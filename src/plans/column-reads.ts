/** What a column of the engine is to Millrace, and how it is read as that. */
import { columnTypeOf } from '#core/dataset'
import type { EngineColumn } from '#sdk'
import type { ColumnRead, PlanColumn } from './plan.ts'

export interface ReadColumn {
  readonly column: Omit<PlanColumn, 'origins'>
  readonly read: ColumnRead
}

export function readColumn({ name, type: engine, holds }: EngineColumn): ReadColumn {
  const { type, nullable } = columnTypeOf(engine)
  if (holds === 'boolean' && !engine.includes('Bool'))
    return { column: { name, type: holds, nullable, engine: spelled('Bool', nullable) }, read: { as: 'boolean' } }
  if (holds !== undefined) return { column: { name, type: holds, nullable, engine }, read: { as: 'stored' } }
  if (/^(Nullable\()?(U?Int(8|16|32|64)|Float(32|64)|Decimal|String\b|Bool|Date)/.test(engine))
    return { column: { name, type, nullable, engine }, read: { as: 'stored' } }
  if (type === 'json') return { column: { name, type, nullable, engine: 'String' }, read: { as: 'json' } }
  return { column: { name, type, nullable, engine: spelled('String', nullable) }, read: { as: 'text' } }
}

/** What `count()` gives is an integer to everybody. */
export function readComputedColumn(given: EngineColumn): ReadColumn {
  const { column, read } = readColumn(given)
  if (!/^(Nullable\()?UInt64\b/.test(column.engine ?? '')) return { column, read }
  const engine = spelled('Int64', column.nullable)
  return { column: { ...column, type: 'integer', engine }, read: { as: 'exact_integer' } }
}

function spelled(type: string, nullable: boolean): string {
  return nullable ? `Nullable(${type})` : type
}
