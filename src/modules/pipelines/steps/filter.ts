import { z } from 'zod'
import { Filter, readFilter } from '#core/filter'
import { checkExpression, columnsOf, compileExpression } from '#core/expression'
import { raw } from '#sdk'
import { nested, scopeOfRelation } from '../plan/relation.ts'
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
  apply: (filter, input) => {
    const read = readFilter(filter)
    if ('problems' in read) return { problems: read.problems }
    const { problems } = checkExpression(read.expression, scopeOfRelation(input), { expect: 'condition' })
    if (problems.length > 0) return { problems }
    const used = new Set(columnsOf(read.expression))
    const base = input.columns.some((column) => used.has(column.name) && column.sql !== undefined && !column.bare)
      ? nested(input)
      : input
    const { sql } = compileExpression(read.expression, scopeOfRelation(base))
    return { ...base, where: [...base.where, raw(sql)] }
  },
})
