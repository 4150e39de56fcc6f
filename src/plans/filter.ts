import type { Expression } from '#core/expression'
import { originsOfExpressions } from './columns.ts'
import { mergeOrigins } from './origins.ts'
import type { Filter, Plan } from './plan.ts'

/** The rows for which a condition holds. It was checked against `scopeOfPlan(input)`. */
export function filter(input: Plan, condition: Expression): Filter {
  return {
    kind: 'filter',
    input,
    condition,
    columns: input.columns,
    rowOrigins: mergeOrigins([input.rowOrigins, originsOfExpressions(input, [condition])]),
  }
}
