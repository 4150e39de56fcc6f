/** The columns of a plan, as expressions and tables see them. */
import { engineType } from '#core/dataset'
import type { ColumnType } from '#core/dataset'
import { columnsOf, scopeOf } from '#core/expression'
import type { Expression, Scope } from '#core/expression'
import type { EngineColumn } from '#sdk'
import { mergeOrigins } from './origins.ts'
import type { Origin, Plan, PlanColumn } from './plan.ts'

export function findColumn(plan: Plan, name: string): PlanColumn | undefined {
  return plan.columns.find((column) => column.name === name)
}

export function columnOf(plan: Plan, name: string): PlanColumn {
  const column = findColumn(plan, name)
  if (column === undefined) throw new Error(`The plan has no column "${name}".`)
  return column
}

/** The column of a scan whose values this column has; undefined where an operator between them may change a value. */
export function unchangedColumn(plan: Plan, name: string): PlanColumn | undefined {
  if (plan.kind === 'scan') return findColumn(plan, name)
  if (plan.kind === 'filter') return unchangedColumn(plan.input, name)
  if (plan.kind !== 'project') return undefined
  const value = plan.values[plan.columns.findIndex((column) => column.name === name)]
  return value?.kind === 'column' ? unchangedColumn(plan.input, value.column) : undefined
}

/** For checking expressions over the rows of a plan. */
export function scopeOfPlan(plan: Plan): Scope {
  return scopeOf(plan.columns)
}

/** The table columns that hold the rows of a plan. */
export function engineColumns(plan: Plan): readonly EngineColumn[] {
  return plan.columns.map((column) => ({
    name: column.name,
    type: engineTypeOf(column),
    ...(column.type === 'json' ? { holds: column.type } : {}),
  }))
}

export function engineTypeOf({ type, nullable }: { readonly type: ColumnType; readonly nullable: boolean }): string {
  return nullable ? `Nullable(${engineType(type)})` : engineType(type)
}

export function originsOfColumns(plan: Plan, names: Iterable<string>): readonly Origin[] {
  return mergeOrigins([...names].map((name) => columnOf(plan, name).origins))
}

export function originsOfExpressions(plan: Plan, expressions: readonly (Expression | undefined)[]): readonly Origin[] {
  return originsOfColumns(
    plan,
    expressions.flatMap((expression) => (expression === undefined ? [] : columnsOf(expression))),
  )
}
