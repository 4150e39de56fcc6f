import { z } from 'zod'
import { Filter, readFilter } from '#core/filter'
import { checkExpression } from '#core/expression'
import { scopeOfPlan } from '#plans/columns'
import { filter } from '#plans/filter'
import { defineStep } from './step.ts'

/** `{field, operator, value}`, `{and}`, `{or}`, `{not}`, or `{expression: "…"}`; each is a whole filter. */
const settings = z.union([
  z.strictObject({ expression: z.string().min(1) }).transform(({ expression }) => expression as Filter),
  Filter,
])

export const filterStep = defineStep({
  type: 'filter',
  title: 'Filter',
  about: 'Keeps the rows for which a condition holds.',
  settings,
  example: { field: 'status', operator: 'eq', value: 'active' },
  build: (condition, input) => {
    const read = readFilter(condition)
    if ('problems' in read) return { problems: read.problems }
    const { problems } = checkExpression(read.expression, scopeOfPlan(input), { expect: 'condition' })
    return problems.length > 0 ? { problems } : filter(input, read.expression)
  },
})
