import { originsOfColumns } from './columns.ts'
import { mergeOrigins } from './origins.ts'
import type { Condition, Mark, Plan } from './plan.ts'

/** The columns of `conditions` are there, and those that are `unreadable` can be cast to the type. */
export function mark(input: Plan, conditions: readonly Condition[], name: string): Mark {
  const repeated = conditions.some(({ kind }) => kind === 'repeated')
  const origins = [originsOfColumns(input, conditions.flatMap(conditionColumns)), repeated ? input.rowOrigins : []]
  return {
    kind: 'mark',
    input,
    conditions,
    columns: [
      ...input.columns,
      { name, type: 'json', nullable: false, engine: 'Array(UInt16)', origins: mergeOrigins(origins) },
    ],
    rowOrigins: input.rowOrigins,
  }
}

export function conditionColumns(condition: Condition): readonly string[] {
  return condition.kind === 'repeated' ? condition.columns : [condition.column]
}
