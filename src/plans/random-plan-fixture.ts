/** Random plans over two small tables, made from a list of numbers so that fast-check can shrink them. */
import type { ColumnType } from '#core/dataset'
import { checkExpression, parseExpression } from '#core/expression'
import type { Expression, Field } from '#core/expression'
import { literal, raw } from '#sdk'
import { aggregate } from './aggregate.ts'
import { columnOf, engineColumns, scopeOfPlan } from './columns.ts'
import { filter } from './filter.ts'
import { fit } from './fit.ts'
import { join } from './join.ts'
import { mark } from './mark.ts'
import type { Condition, Measure, NamedMeasure, Plan } from './plan.ts'
import { castValue, columnValue, expressionValue, pick, project } from './project.ts'
import type { NamedValue } from './project.ts'
import { scan } from './scan.ts'
import { union } from './union.ts'

export type Row = Readonly<Record<string, Field>>
export type Tables = Readonly<Record<'left' | 'right', readonly Row[]>>

const schema = [
  { name: 'id', type: 'Int64' },
  { name: 'k', type: 'Nullable(String)' },
  { name: 'n', type: 'Nullable(Int64)' },
  { name: 'd', type: 'Nullable(Decimal(12,2))' },
  // As PostgreSQL's booleans come through the engine.
  { name: 'b', type: 'Nullable(UInt8)', holds: 'boolean' },
  { name: 's', type: 'Nullable(String)' },
] as const
export const tableColumns = schema.map(({ name }) => name)

export function tableScan(name: keyof Tables, tables: Tables): Plan {
  const types = schema.map((column) => `${column.name} ${column.type}`).join(', ')
  // The engine's `format` gives no columns for no lines, so there is one more, which is left out.
  const lines = [{ id: -1 }, ...tables[name]].map((row) => JSON.stringify(row)).join('\n')
  const from = `(SELECT * FROM format(JSONEachRow, ${literal(types)}, ${literal(lines)}) WHERE id >= 0)`
  return scan({ name, from: raw(from) }, schema)
}

/** The same numbers make the same plan over any rows. */
export function randomPlan(numbers: readonly number[], tables: Tables): Plan {
  let at = 0
  const next = (below: number): number => {
    at += 1
    return (numbers[(at - 1) % numbers.length] ?? 0) % below
  }
  const pickOne = <T>(list: readonly T[]): T => list[next(list.length)]!
  const columnNames = (plan: Plan, fits: (type: ColumnType) => boolean): string[] =>
    plan.columns.flatMap(({ name, type }) => (fits(type) ? [name] : []))

  /** Of type number are only averages, whose last digit may differ from the oracle's: nothing is computed from them. */
  const exact = (plan: Plan): string[] => columnNames(plan, (type) => type !== 'number')

  const condition = (plan: Plan): Expression => {
    const name = pickOne(exact(plan))
    const { type } = columnOf(plan, name)
    const texts =
      type === 'boolean'
        ? [name, `not ${name}`]
        : type === 'string'
          ? [`${name} = 'x'`, `${name} in ('x', 'y')`]
          : [`${name} > 1`, `${name} <= 2`]
    return parsed(pickOne([...texts, `${name} is null`, `${name} is not null`]), plan)
  }

  const computed = (plan: Plan): Expression => {
    const name = pickOne(exact(plan))
    const { type } = columnOf(plan, name)
    if (type === 'string')
      return parsed(pickOne([`upper(${name})`, `length(${name})`, `coalesce(${name}, 'none')`]), plan)
    if (type === 'boolean') return parsed(`case when ${name} then 'yes' else 'no' end`, plan)
    return parsed(pickOne([`${name} + 1`, `-${name}`, `case when ${name} > 0 then ${name} end`]), plan)
  }

  const projected = (plan: Plan, fresh: string): Plan => {
    const names = plan.columns.map(({ name }) => name)
    const kept = (name: string): NamedValue => ({ name, ...columnValue(plan, name) })
    const chosen = pickOne(names)
    switch (next(4)) {
      case 0:
        return pick(plan, names.length > 2 ? names.filter((name) => name !== chosen) : names.toReversed())
      case 1:
        return project(
          plan,
          names.map((name) => (name === chosen ? { ...kept(name), name: fresh } : kept(name))),
        )
      case 2: {
        const type = pickOne<ColumnType>(['integer', 'string', 'decimal(10,1)'])
        const column = pickOne(exact(plan))
        const cast = castValue(plan, { column, type, otherwise: 'null' })
        return 'value' in cast
          ? project(
              plan,
              names.map((name) => (name === column ? { name, ...cast } : kept(name))),
            )
          : plan
      }
      default: {
        // Under the name of a column that is there, or under a new one.
        const target = pickOne([chosen, fresh])
        const value = { name: target, ...expressionValue(plan, computed(plan)) }
        return project(plan, [...names.filter((name) => name !== target).map(kept), value])
      }
    }
  }

  const measure = (plan: Plan): Measure => {
    const only = next(3) === 0 ? { filter: condition(plan) } : {}
    const numeric = columnNames(plan, (type) => type === 'integer' || type.startsWith('decimal'))
    const type = pickOne(['count', 'min', 'max', 'distinct', 'sum', 'avg', 'percentile'] as const)
    const of = (names: readonly string[]): Expression => parsed(pickOne(names), plan)
    if (type === 'count' || numeric.length === 0) return { type: 'count', ...only }
    if (type === 'percentile') return { type, of: of(numeric), p: pickOne([0, 25, 50, 100]), ...only }
    return { type, of: of(type === 'sum' || type === 'avg' ? numeric : exact(plan)), ...only }
  }

  const aggregated = (plan: Plan, fresh: string): Plan => {
    const groups = [...new Set(Array.from({ length: next(3) }, () => pickOne(exact(plan))))]
    const measures = Array.from({ length: 1 + next(3) }, (_, index): NamedMeasure => ({
      name: `${fresh}${index}`,
      measure: measure(plan),
    }))
    return aggregate(plan, groups, measures)
  }

  const joined = (left: Plan, right: Plan, fresh: string): Plan => {
    const pairs = exact(left).flatMap((one) =>
      exact(right).flatMap((other) =>
        columnOf(left, one).type === columnOf(right, other).type ? [{ left: one, right: other }] : [],
      ),
    )
    if (pairs.length === 0) return left
    const columns = [
      ...left.columns.map(({ name }) => ({ name, side: 'left', column: name }) as const),
      ...right.columns.map(({ name }, index) => ({ name: `${fresh}${index}`, side: 'right', column: name }) as const),
    ]
    return join(left, right, { type: pickOne(['inner', 'left', 'full'] as const), keys: [pickOne(pairs)], columns })
  }

  const united = (one: Plan, other: Plan): Plan => {
    const names = one.columns.flatMap(({ name, type }) =>
      other.columns.some((column) => column.name === name && column.type === type) ? [name] : [],
    )
    return names.length === 0 ? one : union([pick(one, names), pick(other, names)])
  }

  const build = (depth: number): Plan => {
    if (depth === 0) return tableScan(pickOne(['left', 'right'] as const), tables)
    const fresh = `c${depth}_${next(2)}`
    const input = build(depth - 1)
    const kind = next(9)
    if (exact(input).length === 0 || input.columns.some(({ name }) => name.startsWith(fresh))) return input
    if (kind < 3) return projected(input, fresh)
    if (kind < 5) return filter(input, condition(input))
    if (kind === 5) return aggregated(input, fresh)
    if (kind === 6) return fit(input, engineColumns(input))
    const other = build(next(2))
    return kind === 7 ? joined(input, other, fresh) : united(input, other)
  }

  const marked = (plan: Plan): Plan => {
    const columns = columnNames(plan, (type) => type === 'integer' || type === 'string')
    if (columns.length === 0) return plan
    const conditions = Array.from({ length: 2 }, (): Condition => {
      const column = pickOne(columns)
      const number = columnOf(plan, column).type === 'integer'
      return pickOne<Condition>([
        { kind: 'empty', column },
        { kind: 'unlike', column, pattern: '^[0-9x]+$' },
        { kind: 'none_of', column, values: ['1', 'x', '2'] },
        number ? { kind: 'outside', column, min: '0', max: '2' } : { kind: 'outside', column, max: 'x' },
        { kind: 'unreadable', column, type: 'integer' },
      ])
    })
    return mark(fit(plan, engineColumns(plan)), conditions, '_breaks')
  }

  const plan = build(1 + next(5))
  return next(4) === 0 ? marked(plan) : plan
}

function parsed(text: string, plan: Plan): Expression {
  const result = parseExpression(text)
  if ('problems' in result) throw new Error(`${text}: ${JSON.stringify(result.problems)}`)
  const { problems } = checkExpression(result.expression, scopeOfPlan(plan))
  if (problems.length > 0) throw new Error(`${text}: ${JSON.stringify(problems)}`)
  return result.expression
}
