/**
 * A plan as one SELECT of ClickHouse. Conditions stay beside the source as long as nothing they use was
 * computed, so that a database behind a table function can apply them itself.
 */
import { columnsOf, compileExpression } from '#core/expression'
import type { Expression, Scope } from '#core/expression'
import { join, name, raw, sql } from '#sdk'
import type { Sql } from '#sdk'
import { mayLack } from '../join.ts'
import type { Aggregate, Fit, Join, Mark, Plan, Project, Union } from '../plan.ts'
import { castSql } from './casts.ts'
import { readSql } from './column-reads.ts'
import { conditionSql } from './conditions.ts'
import { fitColumn } from './fit-column.ts'
import { measureSql } from './measures.ts'
import { aliased, aliasedText, nested, stored, written } from './select.ts'
import type { Select, SelectColumn } from './select.ts'

export function compileClickhouse(plan: Plan): Sql {
  return written(selectOf(plan))
}

function selectOf(plan: Plan): Select {
  switch (plan.kind) {
    case 'scan': {
      const where = plan.where === undefined ? [] : [{ condition: plan.where, aliased: false }]
      return { from: plan.from, where, columns: readColumns(plan) }
    }
    case 'sql':
      return { from: sql`(${raw(plan.sql)})`, where: [], columns: readColumns(plan) }
    case 'filter':
      return filtered(selectOf(plan.input), plan.input, plan.condition)
    case 'project':
      return projected(selectOf(plan.input), plan)
    case 'fit':
      return fitted(nested(selectOf(plan.input)), plan)
    case 'mark':
      return marked(plan)
    case 'aggregate':
      return aggregated(nested(selectOf(plan.input)), plan)
    case 'join':
      return joined(plan)
    case 'union':
      return united(plan)
  }
}

function readColumns({ columns, reads }: Extract<Plan, { kind: 'scan' | 'sql' }>): readonly SelectColumn[] {
  return columns.map((column, index) => ({ name: column.name, ...readSql(column, reads[index]) }))
}

function filtered(select: Select, input: Plan, condition: Expression): Select {
  const used = new Set(columnsOf(condition))
  const computed = select.columns.some(
    ({ name: column, value, bare }) => used.has(column) && value !== undefined && !bare,
  )
  const base = computed ? nested(select) : select
  const bare = new Set(base.columns.flatMap((column) => (column.bare ? [column.name] : [])))
  const scope: Scope = {
    columns: new Map(
      input.columns.map(({ name: column, type, nullable }) => [
        column,
        { type, nullable, ...(bare.has(column) ? { sql: aliasedText(column) } : {}) },
      ]),
    ),
  }
  const written = raw(compileExpression(condition, scope).sql)
  return { ...base, where: [...base.where, { condition: written, aliased: [...used].some((each) => bare.has(each)) }] }
}

function projected(select: Select, { input, columns, values }: Project): Select {
  if (values.every((value, index) => value.kind === 'column' && value.column === columns[index]?.name)) {
    const before = new Map(select.columns.map((column) => [column.name, column]))
    return { ...select, columns: columns.map((column) => before.get(column.name) ?? { name: column.name }) }
  }
  const scope = aliasedScope(input)
  const made = columns.map((column, index): SelectColumn => {
    const value = values[index]
    if (value?.kind === 'expression')
      return { name: column.name, value: raw(compileExpression(value.expression, scope).sql) }
    if (value?.kind === 'cast') return { name: column.name, value: castSql(input, value) }
    if (value === undefined || value.column === column.name) return { name: column.name }
    return { name: column.name, value: aliased(value.column) }
  })
  return { ...nested(select), columns: made }
}

function fitted(base: Select, { input, stored: wanted }: Fit): Select {
  return { ...base, columns: wanted.map((column) => fitColumn(input, column)) }
}

function marked({ input, conditions, columns }: Mark): Select {
  const numbers = conditions.map(
    (condition, index) => sql`if(ifNull(${conditionSql(input, condition)}, false), ${raw(String(index + 1))}, 0)`,
  )
  const value = sql`arrayFilter(number -> number > 0, [${join(numbers, ', ')}])`
  return {
    from: sql`(${compileClickhouse(input)})`,
    where: [],
    columns: [...stored(input.columns), { name: columns.at(-1)?.name ?? '', value }],
    everything: true,
  }
}

function aggregated(base: Select, { input, groups, measures, columns }: Aggregate): Select {
  const scope = aliasedScope(input)
  const made = measures.map(({ name: column, measure }) => ({ name: column, value: measureSql(measure, scope) }))
  const grouped = written(
    { ...base, columns: [...groups.map((group) => ({ name: group })), ...made] },
    groups.map(aliased),
  )
  return { from: sql`(${grouped})`, where: [], columns: stored(columns) }
}

function joined({ type, left, right, keys, sides, columns }: Join): Select {
  const of = (side: string, column: string): Sql => sql`${raw(side)}.${name(column)}`
  const list = sides.map(({ name: column, side, column: from }) => sql`${of(side, from)} AS ${name(column)}`)
  const on = keys.map((key) => sql`${of('left', key.left)} = ${of('right', key.right)}`)
  const from = sql`${joinSide(left, mayLack('left', type))} AS left ${raw(joinWords[type])} ${joinSide(right, mayLack('right', type))} AS right`
  return {
    from: sql`(SELECT ${join(list, ', ')} FROM ${from} ON ${join(on, ' AND ')})`,
    where: [],
    columns: stored(columns),
  }
}

const joinWords = { inner: 'ALL INNER JOIN', left: 'ALL LEFT JOIN', full: 'ALL FULL JOIN' } as const

/** The engine fills a missing side with NULL where the column is nullable, and otherwise with 0 or ''. */
function joinSide(side: Plan, lacks: boolean): Sql {
  const rows = compileClickhouse(side)
  if (!lacks) return sql`(${rows})`
  const list = side.columns.map((column) => sql`toNullable(${aliased(column.name)}) AS ${name(column.name)}`)
  return sql`(SELECT ${join(list, ', ')} FROM (${rows}) AS r)`
}

function united({ inputs, columns }: Union): Select {
  const from = sql`(${join(inputs.map(compileClickhouse), ' UNION ALL ')})`
  return { from, where: [], columns: stored(columns) }
}

function aliasedScope(plan: Plan): Scope {
  return {
    columns: new Map(
      plan.columns.map(({ name: column, type, nullable }) => [column, { type, nullable, sql: aliasedText(column) }]),
    ),
  }
}
