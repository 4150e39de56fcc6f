import { z } from 'zod'
import { ColumnName } from '#core/dataset'
import type { ColumnType } from '#core/dataset'
import type { Problem } from '#core/errors'
import { checkExpression, compileExpression, nearest, parseExpression, placedUnder } from '#core/expression'
import { Filter, readFilter } from '#core/filter'
import { join, raw, sql } from '#sdk'
import { given, nested, plain, scopeOfRelation, select } from '../plan/relation.ts'
import type { Relation, RelationColumn } from '../plan/relation.ts'
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
  apply: ({ by: named, groupBy, measures }, input) => {
    const by = named ?? groupBy ?? []
    const base = nested(input)
    const problems: Problem[] = []
    const groups = by.flatMap((wanted, index) => {
      const column = base.columns.find((candidate) => candidate.name === wanted)
      if (column !== undefined) return [column]
      const names = base.columns.map((candidate) => candidate.name)
      const suggestion = nearest(wanted, names)
      problems.push({
        at: `${groupBy === undefined ? 'by' : 'groupBy'}[${index}]`,
        code: 'unknown_column',
        message: `There is no column "${wanted}" here.`,
        ...(suggestion === undefined ? {} : { suggestion }),
      })
      return []
    })
    const columns = Object.entries(measures).flatMap(([target, measure]) => {
      if (by.includes(target))
        problems.push({
          at: `measures.${target}`,
          code: 'duplicate_column',
          message: `"${target}" is a group already; name the measure otherwise.`,
        })
      const made = measured(target, measure, base, problems)
      return made === undefined ? [] : [made]
    })
    return problems.length > 0 ? { problems } : grouped(base, groups, columns)
  },
})

function grouped(base: Relation, groups: readonly RelationColumn[], measures: readonly RelationColumn[]): Relation {
  const inner = select({ ...base, columns: [...groups, ...measures] })
  const by =
    groups.length === 0
      ? raw('')
      : sql` GROUP BY ${join(
          groups.map((column) => given(column.name)),
          ', ',
        )}`
  return {
    from: sql`(${inner}${by})`,
    where: [],
    columns: [...groups, ...measures].map(plain),
  }
}

function measured(target: string, measure: Measure, base: Relation, problems: Problem[]): RelationColumn | undefined {
  const at = `measures.${target}`
  const condition =
    measure.filter === undefined ? undefined : conditionOf(measure.filter, base, `${at}.filter`, problems)
  const suffix = condition === undefined ? '' : 'If'
  const extra = condition === undefined ? raw('') : sql`, ifNull(${condition}, false)`
  if (measure.type === 'count') {
    const counted =
      condition === undefined ? raw('toInt64(count())') : sql`toInt64(countIf(ifNull(${condition}, false)))`
    return { name: target, type: 'integer', nullable: false, engine: 'Int64', sql: counted }
  }
  const parsed = parseExpression(measure.expression)
  if ('problems' in parsed) return void problems.push(...placedUnder(`${at}.expression`, parsed.problems))
  const numeric = measure.type === 'sum' || measure.type === 'avg' || measure.type === 'percentile'
  const checked = checkExpression(parsed.expression, scopeOfRelation(base, true), numeric ? { expect: 'numeric' } : {})
  if (checked.problems.length > 0) return void problems.push(...placedUnder(`${at}.expression`, checked.problems))
  const value = compileExpression(parsed.expression, scopeOfRelation(base, true))
  const of = raw(value.sql)
  // Over no rows a sum and its like are empty, not zero: the states of nullable values say so.
  const may = sql`toNullable(${of})`
  const resultColumn = (type: ColumnType, made: RelationColumn['sql']): RelationColumn => ({
    name: target,
    type,
    nullable: true,
    ...(made === undefined ? {} : { sql: made }),
  })
  switch (measure.type) {
    case 'sum':
      if (value.type === 'integer')
        return resultColumn(
          'integer',
          sql`accurateCast(sum${raw(suffix)}(toInt128(${may})${extra}), 'Nullable(Int64)')`,
        )
      return resultColumn(
        sumType(value.type),
        value.type === 'number'
          ? sql`sum${raw(suffix)}(${may}${extra})`
          : sql`CAST(sum${raw(suffix)}(${may}${extra}), ${raw(`'Nullable(D${sumType(value.type).slice(1)})'`)})`,
      )
    case 'avg':
      return resultColumn('number', sql`toFloat64(avg${raw(suffix)}(${may}${extra}))`)
    case 'percentile':
      return resultColumn(
        'number',
        sql`quantileExactInclusive${raw(suffix)}(${raw(String(measure.p / 100))})(toFloat64(${may})${extra})`,
      )
    case 'distinct':
      return { ...resultColumn('integer', sql`toInt64(uniqExact${raw(suffix)}(${of}${extra}))`), nullable: false }
    case 'min':
    case 'max':
      return resultColumn(value.type, sql`${raw(measure.type)}${raw(suffix)}(${may}${extra})`)
  }
}

function conditionOf(
  filter: Filter,
  base: Relation,
  at: string,
  problems: Problem[],
): ReturnType<typeof raw> | undefined {
  const read = readFilter(filter)
  if ('problems' in read) return void problems.push(...placedUnder(at, read.problems))
  const checked = checkExpression(read.expression, scopeOfRelation(base, true), { expect: 'condition' })
  if (checked.problems.length > 0) return void problems.push(...placedUnder(at, checked.problems))
  return raw(compileExpression(read.expression, scopeOfRelation(base, true)).sql)
}

/** Room for a great many rows. */
function sumType(type: ColumnType): ColumnType {
  const scale = /^decimal\(\d+,(\d+)\)$/.exec(type)?.[1]
  return scale === undefined ? type : `decimal(38,${Number(scale)})`
}
