/** The columns that a question may name. */
import type { Filter } from '#core/filter'
import type { MetricDefinition } from '#core/metric'
import { requirePermissions, type NeededPermission } from '#kernel/needed-permissions'
import type { Reader } from '#modules/datasets'
import { columnsOfFilter } from '../definition/definition-columns.ts'
import type { ValuesQuestion } from '../index.ts'

export interface QuestionColumns {
  readonly reader: Reader
  readonly definition: MetricDefinition
  readonly question: ValuesQuestion
  readonly permissions: ReadonlyMap<string, string>
}

/**
 * A group or a filter by a column shows its values, so whoever may not read the rows uses the dimensions of the metric
 * only. Rejects with `kernel.forbidden`, also for a column that does not exist: its name is not told either.
 */
export function requireDimensions({ reader, definition, question, permissions }: QuestionColumns): void {
  if (reader.mayReadRows) return
  const { code, dimensions } = definition
  const needed = (at: string, verb: string, names: readonly string[]): NeededPermission[] =>
    [...new Set(names)]
      .filter((name) => !dimensions.includes(name))
      .map((name) => ({
        permission: 'datasets.read',
        at,
        what: `to ${verb} by "${name}", which is not a dimension of the metric "${code}",`,
      }))
  const columns = [
    ...needed('by', 'group', question.by ?? []),
    ...needed('filter', 'filter', columnsOfFilter(question.filter as Filter | undefined)),
  ]
  requirePermissions(reader.actor, columns, permissions)
}
