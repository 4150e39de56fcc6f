/**
 * Rows on their way: a SELECT over something, as data. Conditions stay beside the source as long as
 * nothing was computed, so that PostgreSQL can apply them itself.
 */
import { columnTypeOf, engineType, quoteName } from '#core/dataset'
import type { ColumnType } from '#core/dataset'
import type { Scope } from '#core/expression'
import { join, literal, name, raw, sql } from '#sdk'
import type { EngineColumn, Sql } from '#sdk'

export interface Relation {
  readonly from: Sql
  readonly where: readonly Sql[]
  readonly columns: readonly RelationColumn[]
}

export interface RelationColumn {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  /** What the engine gives for it, where that is known. */
  readonly engine?: string
  /** How it is computed from `from`; without, it is there under its name. */
  readonly sql?: Sql
  /** `sql` only gives it another type: a condition beside the source uses what is there. */
  readonly bare?: true
}

export function relationOf(from: Sql, columns: readonly EngineColumn[], where?: Sql): Relation {
  return { from, where: where === undefined ? [] : [where], columns: columns.map(relationColumn) }
}

function relationColumn({ name: column, type: engine, holds }: EngineColumn): RelationColumn {
  const { type, nullable } = columnTypeOf(engine)
  if (holds === 'boolean' && !engine.includes('Bool')) {
    const truth = nullable ? 'Nullable(Bool)' : 'Bool'
    return {
      name: column,
      type: holds,
      nullable,
      engine: truth,
      sql: sql`CAST(${given(column)}, ${raw(literal(truth))})`,
      bare: true,
    }
  }
  if (holds !== undefined) return { name: column, type: holds, nullable, engine }
  const whole = { name: column, type, nullable }
  if (/^(Nullable\()?(U?Int(8|16|32|64)|Float(32|64)|Decimal|String\b|Bool|Date)/.test(engine))
    return { ...whole, engine }
  if (type === 'json') return { ...whole, engine: 'String', sql: sql`toJSONString(${given(column)})` }
  return { ...whole, engine: nullable ? 'Nullable(String)' : 'String', sql: sql`toString(${given(column)})` }
}

/** A column of `from` inside what is computed: without the table the engine would take it for a new column of the same name. */
export function given(column: string): Sql {
  return raw(`r.${quoteName(column)}`)
}

export function select(relation: Relation): Sql {
  const computes = relation.columns.some((column) => column.sql !== undefined)
  const columns = relation.columns.map((column) =>
    column.sql === undefined ? name(column.name) : sql`${column.sql} AS ${name(column.name)}`,
  )
  const condition = relation.where.length === 0 ? raw('') : sql` WHERE ${join(relation.where, ' AND ')}`
  return sql`SELECT ${join(columns, ', ')} FROM ${relation.from}${raw(computes ? ' AS r' : '')}${condition}`
}

/** The same rows with every column plainly there. */
export function nested(relation: Relation): Relation {
  if (relation.where.length === 0 && relation.columns.every((column) => column.sql === undefined)) return relation
  return {
    from: sql`(${select(relation)})`,
    where: [],
    columns: relation.columns.map(plain),
  }
}

/** The column where it is computed already. */
export function plain({ sql: _, bare: __, ...column }: RelationColumn): RelationColumn {
  return column
}

/** `computing`: for what becomes a column; otherwise for conditions. */
export function scopeOfRelation(relation: Relation, computing = false): Scope {
  return {
    columns: new Map(
      relation.columns.map(({ name: column, type, nullable, bare }) => [
        column,
        { type, nullable, ...(computing || bare ? { sql: `r.${quoteName(column)}` } : {}) },
      ]),
    ),
  }
}

export function engineTypeOf(column: {
  readonly type: ColumnType
  readonly nullable: boolean
  readonly engine?: string
}): string {
  const type = engineType(column.type)
  return column.nullable ? `Nullable(${type})` : type
}

export function engineColumns(relation: Relation): readonly EngineColumn[] {
  return relation.columns.map((column) => ({
    name: column.name,
    type: engineTypeOf(column),
    ...(column.type === 'json' ? { holds: column.type } : {}),
  }))
}
