/** Casts that say so when a value does not fit, instead of losing it. */
import { columnTypeOf, quoteName } from '#core/dataset'
import type { ColumnType } from '#core/dataset'
import { checkExpression, compileExpression } from '#core/expression'
import type { Expression } from '#core/expression'
import type { Problem } from '#core/errors'
import { jsonTextSql } from '#core/json-text'
import { literal, raw, sql } from '#sdk'
import type { EngineColumn, Sql } from '#sdk'
import { given, nested } from './relation.ts'
import type { Relation, RelationColumn } from './relation.ts'

export interface Cast {
  readonly sql: Sql
  readonly nullable: boolean
}

/** `otherwise: 'null'` leaves a value that does not fit empty. */
export function castColumn(
  column: RelationColumn,
  type: ColumnType,
  otherwise: 'fail' | 'null',
  at: string,
): Cast | Problem {
  if (column.type === type || (column.type === 'json' && type === 'string'))
    return { sql: given(column.name), nullable: column.nullable }
  if (column.type === 'string' && type === 'json') return jsonOf(column)
  const scope = {
    columns: new Map([
      [column.name, { type: column.type, nullable: column.nullable, sql: `r.${quoteName(column.name)}` }],
    ]),
  }
  const expression: Expression = { kind: 'cast', at: '', value: { kind: 'column', at: '', name: column.name }, type }
  const checked = checkExpression(expression, scope)
  const problem = checked.problems[0]
  if (problem !== undefined) return { ...problem, at }
  const compiled = compileExpression(expression, scope)
  const cast = raw(compiled.sql)
  if (!compiled.nullable || otherwise === 'null') return { sql: cast, nullable: compiled.nullable }
  const complaint = raw(literal(`millrace|cast|${column.name}|${type}`))
  const checkedCast = sql`if(throwIf(isNotNull(${given(column.name)}) AND isNull(${cast}), ${complaint}) = 0, ${cast}, NULL)`
  return column.nullable
    ? { sql: checkedCast, nullable: true }
    : { sql: sql`assumeNotNull(${checkedCast})`, nullable: false }
}

/** Text that holds JSON becomes that JSON; other values become the JSON of themselves. */
function jsonOf(column: RelationColumn): Cast {
  const value = `r.${quoteName(column.name)}`
  const written = column.type === 'string' ? jsonTextSql(value) : `if(isNull(${value}), NULL, toJSONString(${value}))`
  return { sql: raw(column.nullable ? written : `assumeNotNull(${written})`), nullable: column.nullable }
}

/** The relation with exactly the columns a destination takes, cast to what it holds. */
export function fitted(relation: Relation, wanted: readonly EngineColumn[]): Relation {
  const base = nested(relation)
  const columns = wanted.map((target): RelationColumn => {
    const column = base.columns.find((candidate) => candidate.name === target.name)
    const { type: stored, nullable } = columnTypeOf(target.type)
    const type = target.holds ?? stored
    if (column === undefined)
      return {
        name: target.name,
        type,
        nullable: true,
        engine: target.type,
        sql: sql`CAST(NULL, ${raw(literal(target.type))})`,
      }
    const asJson = type === 'json' && column.type !== 'json'
    if (column.engine === target.type && !asJson) return { ...column, engine: target.type }
    const cast = asJson ? jsonOf(column) : castColumn(column, type, 'fail', column.name)
    // The engine's own CAST converts between two spellings of one type.
    const value = 'sql' in cast ? cast.sql : given(column.name)
    const present =
      nullable || !('sql' in cast ? cast.nullable : column.nullable)
        ? value
        : sql`assumeNotNull(if(throwIf(isNull(${value}), ${raw(literal(`millrace|null|${column.name}`))}) = 0, ${value}, NULL))`
    const result = { name: target.name, type, nullable }
    return { ...result, engine: target.type, sql: sql`CAST(${present}, ${raw(literal(target.type))})` }
  })
  return { from: base.from, where: [], columns }
}

/** What `throwIf` says in the two places above. */
export function readComplaint(message: string): { readonly column: string; readonly type?: string } | undefined {
  const cast = /millrace\|cast\|(.*?)\|([a-z]+(?:\(\d+,\d+\))?)/.exec(message)
  if (cast !== null) return { column: cast[1] ?? '', type: cast[2] ?? '' }
  const empty = /millrace\|null\|(.*?)(?=['":]|$)/.exec(message)
  return empty === null ? undefined : { column: empty[1] ?? '' }
}
