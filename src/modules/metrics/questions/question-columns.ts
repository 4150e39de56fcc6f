/** The columns that a question may name. */
import type { Problem } from '#core/errors'
import type { Filter } from '#core/filter'
import type { MetricDefinition } from '#core/metric'
import { withSuggestion } from '#core/nearest'
import { kernelErrors } from '#kernel/errors'
import type { Reader } from '#modules/datasets'
import { columnsOfFilter } from '../definition/definition-columns.ts'
import { metricErrors } from '../errors.ts'
import type { ValuesQuestion } from '../index.ts'

export interface QuestionColumns {
  readonly reader: Reader
  readonly definition: MetricDefinition
  readonly question: ValuesQuestion
  readonly permissions: ReadonlyMap<string, string>
}

/**
 * A group or a filter by a column shows its values, so whoever may not read the rows uses the dimensions of the metric
 * only. A name near a dimension is taken for a mistyped one: `metrics.bad_question`. For any other, also of a column that
 * does not exist, it rejects with `kernel.forbidden`. Only the dimensions decide, so neither tells which columns there are.
 */
export function requireDimensions({ reader, definition, question, permissions }: QuestionColumns): void {
  if (reader.mayReadRows) return
  const { code, dimensions } = definition
  const named = (at: string, verb: string, names: readonly string[]): Problem[] =>
    [...new Set(names)]
      .filter((name) => !dimensions.includes(name))
      .map((name) => {
        const sentence = `The metric "${code}" has no dimension "${name}".`
        const { message, suggestion } = withSuggestion(sentence, name, dimensions, dimensionsText(dimensions))
        const right = `To ${verb} by another column needs the permission "${permission}".`
        return suggestion === undefined
          ? { at, code: 'permission_needed', message: `${message} ${right}` }
          : { at, code: 'unknown_dimension', message: `${message} ${right}`, suggestion }
      })
  const problems = [
    ...named('by', 'group', question.by ?? []),
    ...named('filter', 'filter', columnsOfFilter(question.filter as Filter | undefined)),
  ]
  if (problems.length === 0) return
  if (problems.every(({ suggestion }) => suggestion !== undefined))
    throw metricErrors.bad_question({ code }, { problems })
  const allows = permissions.get(permission) ?? permission
  throw kernelErrors.forbidden({ actor: reader.actor.name, permission, allows }, { problems })
}

const permission = 'datasets.read'

function dimensionsText(dimensions: readonly string[]): string {
  return dimensions.length === 0
    ? 'It has no dimensions.'
    : `Its dimensions are ${dimensions.map((name) => `"${name}"`).join(', ')}.`
}
