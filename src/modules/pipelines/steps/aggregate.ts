import { z } from 'zod'
import { ColumnName } from '#core/dataset'
import type { Problem } from '#core/errors'
import { checkExpression, parseExpression, placedUnder } from '#core/expression'
import { withSuggestion } from '#core/nearest'
import type { Expression } from '#core/expression'
import { Filter, readFilter } from '#core/filter'
import { aggregate } from '#plans/aggregate'
import { scopeOfPlan } from '#plans/columns'
import type { Measure as PlanMeasure, NamedMeasure, Plan } from '#plans/plan'
import { defineStep } from './step.ts'

const about = { filter: Filter.optional() }
const expression = z.string().min(1)
const Measure = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('count'), ...about }),
  z.strictObject({ type: z.enum(['sum', 'avg', 'min', 'max', 'distinct']), expression, ...about }),
  z.strictObject({ type: z.literal('percentile'), expression, p: z.number().min(0).max(100), ...about }),
])
type Measure = z.output<typeof Measure>

const settings = z
  .strictObject({
    by: z
      .array(z.string())
      .optional()
      .meta({ title: 'By', description: 'The columns that make a group; none makes one row of all.' }),
    groupBy: z.array(z.string()).optional().meta({ title: 'Group by', description: 'Another name for "by".' }),
    measures: z
      .record(ColumnName, Measure)
      .refine((measures) => Object.keys(measures).length > 0, { error: 'names at least one measure' })
      .meta({
        title: 'Measures',
        description: 'By the column they fill: {type: count|sum|avg|min|max|distinct|percentile, expression, filter?}.',
      }),
  })
  .refine((given) => given.by === undefined || given.groupBy === undefined, {
    path: ['groupBy'],
    error: 'is another name for "by"; give one of them',
  })

export const aggregateStep = defineStep({
  type: 'aggregate',
  title: 'Aggregate',
  about: 'Groups rows and computes a row of measures for each group.',
  settings,
  gathers: true,
  example: {
    by: ['region'],
    measures: {
      orders: { type: 'count' },
      revenue: { type: 'sum', expression: 'amount', filter: "status != 'cancelled'" },
    },
  },
  build: ({ by: named, groupBy, measures }, input) => {
    const by = named ?? groupBy ?? []
    const problems: Problem[] = []
    for (const [index, wanted] of by.entries()) {
      const names = input.columns.map((candidate) => candidate.name)
      if (names.includes(wanted)) continue
      problems.push({
        at: `${groupBy === undefined ? 'by' : 'groupBy'}[${index}]`,
        code: 'unknown_column',
        ...withSuggestion(`There is no column "${wanted}" here.`, wanted, names),
      })
    }
    const made = Object.entries(measures).flatMap(([name, measure]): NamedMeasure[] => {
      if (by.includes(name))
        problems.push({
          at: `measures.${name}`,
          code: 'duplicate_column',
          message: `"${name}" is a group already; name the measure otherwise.`,
        })
      const found = readMeasure(measure, input, `measures.${name}`)
      if (!('problems' in found)) return [{ name, measure: found }]
      problems.push(...found.problems)
      return []
    })
    return problems.length > 0 ? { problems } : aggregate(input, by, made)
  },
})

type Problems = { readonly problems: readonly Problem[] }

function readMeasure(measure: Measure, input: Plan, at: string): PlanMeasure | Problems {
  const condition: { readonly filter?: Expression } | Problems =
    measure.filter === undefined ? {} : readCondition(measure.filter, input, `${at}.filter`)
  const of = measure.type === 'count' ? undefined : readValue(measure, input, `${at}.expression`)
  const problems = [condition, of].flatMap((part) => (part !== undefined && 'problems' in part ? part.problems : []))
  if (problems.length > 0 || 'problems' in condition || (of !== undefined && 'problems' in of)) return { problems }
  if (of === undefined || measure.type === 'count') return { type: 'count', ...condition }
  return measure.type === 'percentile'
    ? { type: measure.type, p: measure.p, of, ...condition }
    : { type: measure.type, of, ...condition }
}

function readValue(
  { type, expression: text }: Exclude<Measure, { type: 'count' }>,
  input: Plan,
  at: string,
): Expression | Problems {
  const parsed = parseExpression(text)
  if ('problems' in parsed) return { problems: placedUnder(at, parsed.problems) }
  const numeric = type === 'sum' || type === 'avg' || type === 'percentile'
  const { problems } = checkExpression(parsed.expression, scopeOfPlan(input), numeric ? { expect: 'numeric' } : {})
  return problems.length > 0 ? { problems: placedUnder(at, problems) } : parsed.expression
}

function readCondition(filter: Filter, input: Plan, at: string): { readonly filter: Expression } | Problems {
  const read = readFilter(filter)
  if ('problems' in read) return { problems: placedUnder(at, read.problems) }
  const { problems } = checkExpression(read.expression, scopeOfPlan(input), { expect: 'condition' })
  return problems.length > 0 ? { problems: placedUnder(at, problems) } : { filter: read.expression }
}
