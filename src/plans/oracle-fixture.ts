/** What a plan means, row by row in memory: nothing of it is shared with a compiler. */
import type { ColumnType } from '#core/dataset'
import { evaluateExpression } from '#core/expression'
import type { Expression, Field } from '#core/expression'
import { columnOf, scopeOfPlan } from './columns.ts'
import type { Aggregate, Condition, Join, Mark, Measure, Plan, Project } from './plan.ts'
import type { Row, Tables } from './random-plan-fixture.ts'

/** Integers and decimals are text with all their digits. */
export function rowsOf(plan: Plan, tables: Tables): readonly Row[] {
  switch (plan.kind) {
    case 'scan':
      return tables[plan.name as keyof Tables].map((row) => readRow(plan, row))
    case 'filter':
      return rowsOf(plan.input, tables).filter((row) => holds(plan.condition, plan.input, row))
    case 'project':
      return rowsOf(plan.input, tables).map((row) => projectRow(plan, row))
    case 'fit':
      return rowsOf(plan.input, tables)
    case 'mark':
      return rowsOf(plan.input, tables).map((row) => markRow(plan, row))
    case 'aggregate':
      return aggregateRows(plan, rowsOf(plan.input, tables))
    case 'join':
      return joinRows(plan, rowsOf(plan.left, tables), rowsOf(plan.right, tables))
    case 'union':
      return plan.inputs.flatMap((input) =>
        rowsOf(input, tables).map((row) =>
          Object.fromEntries(plan.columns.map(({ name }) => [name, row[name] ?? null])),
        ),
      )
    case 'sql':
      throw new Error('The oracle knows no SQL.')
  }
}

function readRow(plan: Plan, row: Row): Row {
  return Object.fromEntries(
    plan.columns.map(({ name }) => [name, evaluate({ kind: 'column', at: '', name }, plan, row)]),
  )
}

function evaluate(expression: Expression, plan: Plan, row: Row): Field {
  return evaluateExpression(expression, scopeOfPlan(plan), row)
}

function holds(condition: Expression, plan: Plan, row: Row): boolean {
  return evaluate(condition, plan, row) === true
}

function projectRow({ input, columns, values }: Project, row: Row): Row {
  return Object.fromEntries(
    columns.map(({ name }, index) => {
      const value = values[index]!
      if (value.kind === 'column') return [name, row[value.column]!]
      if (value.kind === 'expression') return [name, evaluate(value.expression, input, row)]
      return [name, castField(input, row, value.column, value.type)]
    }),
  )
}

function castField(input: Plan, row: Row, column: string, type: ColumnType): Field {
  if (columnOf(input, column).type === type) return row[column]!
  return evaluate({ kind: 'cast', at: '', value: { kind: 'column', at: '', name: column }, type }, input, row)
}

function markRow({ input, conditions, columns }: Mark, row: Row): Row {
  const numbers = conditions.flatMap((condition, index) => (isTrue(condition, input, row) ? [index + 1] : []))
  return { ...row, [columns.at(-1)!.name]: JSON.stringify(numbers) }
}

function isTrue(condition: Condition, input: Plan, row: Row): boolean {
  if (condition.kind === 'repeated') throw new Error('The oracle knows no order of rows.')
  const field = row[condition.column]!
  if (field === null) return condition.kind === 'empty'
  const { type } = columnOf(input, condition.column)
  switch (condition.kind) {
    case 'empty':
      return false
    case 'unlike':
      return !new RegExp(condition.pattern).test(String(field))
    case 'none_of':
      return !condition.values.includes(String(field))
    case 'outside':
      return (
        (condition.min !== undefined && compare(field, condition.min, type) < 0) ||
        (condition.max !== undefined && compare(field, condition.max, type) > 0)
      )
    case 'unreadable':
      return castField(input, row, condition.column, condition.type) === null
  }
}

function aggregateRows({ input, groups, measures }: Aggregate, rows: readonly Row[]): readonly Row[] {
  const found = new Map<string, Row[]>(groups.length === 0 ? [['[]', []]] : [])
  for (const row of rows) {
    const key = JSON.stringify(groups.map((group) => row[group]))
    found.set(key, [...(found.get(key) ?? []), row])
  }
  return [...found.values()].map((group) => ({
    ...Object.fromEntries(groups.map((name) => [name, group[0]![name]!])),
    ...Object.fromEntries(measures.map(({ name, measure }) => [name, measured(measure, input, group)])),
  }))
}

function measured(measure: Measure, input: Plan, rows: readonly Row[]): Field {
  const { filter } = measure
  const kept = filter === undefined ? rows : rows.filter((row) => holds(filter, input, row))
  if (measure.type === 'count') return String(kept.length)
  if (measure.of.kind !== 'column') throw new Error('The oracle measures columns.')
  const { type } = columnOf(input, measure.of.name)
  const fields = kept.map((row) => evaluate(measure.of, input, row)).filter((field) => field !== null)
  if (measure.type === 'distinct') return String(new Set(fields).size)
  if (fields.length === 0) return null
  switch (measure.type) {
    case 'min':
    case 'max':
      return fields.toSorted((one, other) => compare(one, other, type)).at(measure.type === 'min' ? 0 : -1)!
    case 'sum':
      return sum(fields)
    case 'avg':
      return Number(sum(fields)) / fields.length
    case 'percentile': {
      const numbers = fields.map(Number).toSorted((one, other) => one - other)
      const at = (measure.p / 100) * (numbers.length - 1)
      const [below, above] = [numbers[Math.floor(at)]!, numbers[Math.ceil(at)]!]
      return below + (above - below) * (at - Math.floor(at))
    }
  }
}

/** Of integers, or of decimals that all have the same scale. */
function sum(fields: readonly Field[]): string {
  const scale = (String(fields[0]).split('.')[1] ?? '').length
  const total = fields.reduce((so, field) => so + BigInt(String(field).replace('.', '')), 0n)
  const digits = (total < 0n ? -total : total).toString().padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return total < 0n ? `-${text}` : text
}

function compare(one: Field, other: Field, type: ColumnType): number {
  const [a, b] = type === 'string' ? [String(one), String(other)] : [Number(one), Number(other)]
  return a < b ? -1 : a > b ? 1 : 0
}

function joinRows({ type, keys, sides }: Join, left: readonly Row[], right: readonly Row[]): readonly Row[] {
  const matches = (one: Row, other: Row): boolean =>
    keys.every((key) => one[key.left] !== null && one[key.left] === other[key.right])
  const row = (one: Row | undefined, other: Row | undefined): Row =>
    Object.fromEntries(sides.map(({ name, side, column }) => [name, (side === 'left' ? one : other)?.[column] ?? null]))
  const pairs = left.flatMap((one) => right.filter((other) => matches(one, other)).map((other) => row(one, other)))
  const alone = left.filter((one) => !right.some((other) => matches(one, other))).map((one) => row(one, undefined))
  const rest = right.filter((other) => !left.some((one) => matches(one, other))).map((other) => row(undefined, other))
  return [...pairs, ...(type === 'inner' ? [] : alone), ...(type === 'full' ? rest : [])]
}
