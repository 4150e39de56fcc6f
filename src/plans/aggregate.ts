import type { ColumnType } from '#core/dataset'
import { compileExpression } from '#core/expression'
import { columnOf, originsOfColumns, originsOfExpressions, scopeOfPlan } from './columns.ts'
import { mergeOrigins } from './origins.ts'
import type { Aggregate, Measure, NamedMeasure, Plan, PlanColumn } from './plan.ts'

/** Expressions of the measures were checked against `scopeOfPlan(input)`. */
export function aggregate(input: Plan, groups: readonly string[], measures: readonly NamedMeasure[]): Aggregate {
  return {
    kind: 'aggregate',
    input,
    groups,
    measures,
    columns: [
      ...groups.map((name) => columnOf(input, name)),
      ...measures.map(({ name, measure }) => measureColumn(input, name, measure)),
    ],
    rowOrigins: mergeOrigins([input.rowOrigins, originsOfColumns(input, groups)]),
  }
}

function measureColumn(input: Plan, name: string, measure: Measure): PlanColumn {
  if (measure.type === 'count') {
    const origins = originsOfExpressions(input, [measure.filter])
    return { name, type: 'integer', nullable: false, engine: 'Int64', origins }
  }
  const origins = originsOfExpressions(input, [measure.of, measure.filter])
  const type = measureType(measure.type, compileExpression(measure.of, scopeOfPlan(input)).type)
  return { name, type, nullable: measure.type !== 'distinct', origins }
}

/** What a measure over values of a type gives. */
export function measureType(measure: Exclude<Measure['type'], 'count'>, of: ColumnType): ColumnType {
  if (measure === 'distinct') return 'integer'
  if (measure === 'avg' || measure === 'percentile') return 'number'
  return measure === 'sum' ? sumType(of) : of
}

/** Room for a great many rows. */
function sumType(type: ColumnType): ColumnType {
  const scale = /^decimal\(\d+,(\d+)\)$/.exec(type)?.[1]
  return scale === undefined ? type : `decimal(38,${Number(scale)})`
}
