import type { ColumnType } from '#core/dataset'
import type { Problem } from '#core/errors'
import { checkExpression, compileExpression } from '#core/expression'
import type { Expression } from '#core/expression'
import { columnOf, originsOfExpressions, scopeOfPlan } from './columns.ts'
import type { CastValue, Plan, PlanColumn, Project, Value } from './plan.ts'

/** A value over the rows of a plan, with what it is. */
export interface TypedValue extends Omit<PlanColumn, 'name'> {
  readonly value: Value
}

export interface NamedValue extends TypedValue {
  readonly name: string
}

export function project(input: Plan, values: readonly NamedValue[]): Project {
  return {
    kind: 'project',
    input,
    columns: values.map(({ value: _, ...column }) => column),
    values: values.map(({ value }) => value),
    rowOrigins: input.rowOrigins,
  }
}

/** Only these columns, in this order. */
export function pick(input: Plan, names: readonly string[]): Project {
  return project(
    input,
    names.map((name) => ({ name, ...columnValue(input, name) })),
  )
}

export function columnValue(input: Plan, name: string): TypedValue {
  const { name: _, ...column } = columnOf(input, name)
  return { ...column, value: { kind: 'column', column: name } }
}

/** An expression that was checked against `scopeOfPlan(input)`. */
export function expressionValue(input: Plan, expression: Expression): TypedValue {
  const { type, nullable } = compileExpression(expression, scopeOfPlan(input))
  return {
    type,
    nullable,
    origins: originsOfExpressions(input, [expression]),
    value: { kind: 'expression', expression },
  }
}

/** A column as another type, or why it cannot become that. */
export function castValue(input: Plan, cast: Omit<CastValue, 'kind'>): TypedValue | Problem {
  const column = columnOf(input, cast.column)
  const { origins } = column
  if (keepsValue(column, cast.type)) return { ...columnValue(input, cast.column), type: cast.type, origins }
  const value = { kind: 'cast', ...cast } as const
  if (isToJson(column, cast.type)) return { type: cast.type, nullable: column.nullable, origins, value }
  const expression = castExpression(cast)
  const [problem] = checkExpression(expression, scopeOfPlan(input)).problems
  if (problem !== undefined) return problem
  const { nullable } = compileExpression(expression, scopeOfPlan(input))
  return {
    type: cast.type,
    nullable: cast.otherwise === 'fail' ? nullable && column.nullable : nullable,
    origins,
    value,
  }
}

/** JSON is text, so it is a string already. */
export function keepsValue({ type }: Pick<PlanColumn, 'type'>, wanted: ColumnType): boolean {
  return type === wanted || (type === 'json' && wanted === 'string')
}

export function isToJson({ type }: Pick<PlanColumn, 'type'>, wanted: ColumnType): boolean {
  return type === 'string' && wanted === 'json'
}

export function castExpression({ column, type }: Pick<CastValue, 'column' | 'type'>): Expression {
  return { kind: 'cast', at: '', value: { kind: 'column', at: '', name: column }, type }
}
