/** A SELECT of the engine as data: what operators become before they are text. */
import { quoteName } from '#core/dataset'
import { join, name, raw, sql } from '#sdk'
import type { Sql } from '#sdk'

export interface Select {
  readonly from: Sql
  readonly where: readonly Where[]
  readonly columns: readonly SelectColumn[]
  /** Columns without `value` are all there are and are written `*`. */
  readonly everything?: true
}

export interface SelectColumn {
  readonly name: string
  /** How it is computed; without, it is there under its name. */
  readonly value?: Sql
  /** `value` only gives it another type, so a condition may use what is there. */
  readonly bare?: true
}

interface Where {
  readonly condition: Sql
  /** It names columns by way of the alias. */
  readonly aliased: boolean
}

/** A column of `from` inside what is computed; without the table the engine takes it for the new column of that name. */
export function aliased(column: string): Sql {
  return raw(aliasedText(column))
}

export function aliasedText(column: string): string {
  return `r.${quoteName(column)}`
}

export function stored(columns: readonly { readonly name: string }[]): readonly SelectColumn[] {
  return columns.map((column) => ({ name: column.name }))
}

/** The same rows with every column there under its name. */
export function nested(select: Select): Select {
  if (select.where.length === 0 && select.columns.every((column) => column.value === undefined)) return select
  return { from: sql`(${written(select)})`, where: [], columns: stored(select.columns) }
}

export function written(select: Select, groups: readonly Sql[] = []): Sql {
  const { from, where, columns, everything } = select
  const shown = everything ? columns.filter(({ value }) => value !== undefined) : columns
  const list = shown.map(({ name: column, value }) =>
    value === undefined ? name(column) : sql`${value} AS ${name(column)}`,
  )
  const alias = columns.some(({ value }) => value !== undefined) || where.some((each) => each.aliased) ? ' AS r' : ''
  const conditions = where.map(({ condition }) => condition)
  const condition = where.length === 0 ? raw('') : sql` WHERE ${join(conditions, ' AND ')}`
  const by = groups.length === 0 ? raw('') : sql` GROUP BY ${join(groups, ', ')}`
  return sql`SELECT ${join([...(everything ? [raw('*')] : []), ...list], ', ')} FROM ${from}${raw(alias)}${condition}${by}`
}
