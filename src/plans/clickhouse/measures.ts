import { compileExpression } from '#core/expression'
import type { Scope } from '#core/expression'
import { raw, sql } from '#sdk'
import type { Sql } from '#sdk'
import { measureType } from '../aggregate.ts'
import type { Measure } from '../plan.ts'

export function measureSql(measure: Measure, scope: Scope): Sql {
  const condition = measure.filter === undefined ? undefined : compileExpression(measure.filter, scope).sql
  const kept = condition === undefined ? raw('') : sql`ifNull(${raw(condition)}, false)`
  const suffix = raw(condition === undefined ? '' : 'If')
  if (measure.type === 'count') return sql`toInt64(count${suffix}(${kept}))`
  const extra = condition === undefined ? raw('') : sql`, ${kept}`
  const value = compileExpression(measure.of, scope)
  const of = raw(value.sql)
  // Over no rows a sum and its like are empty, not zero: the states of nullable values say so.
  const may = sql`toNullable(${of})`
  switch (measure.type) {
    case 'sum': {
      if (value.type === 'integer') return sql`accurateCast(sum${suffix}(toInt128(${may})${extra}), 'Nullable(Int64)')`
      const sum = sql`sum${suffix}(${may}${extra})`
      if (value.type === 'number') return sum
      return sql`CAST(${sum}, ${raw(`'Nullable(D${measureType('sum', value.type).slice(1)})'`)})`
    }
    case 'avg':
      return sql`toFloat64(avg${suffix}(${may}${extra}))`
    case 'percentile':
      return sql`quantileExactInclusive${suffix}(${raw(String(measure.p / 100))})(toFloat64(${may})${extra})`
    case 'distinct':
      return sql`toInt64(uniqExact${suffix}(${of}${extra}))`
    case 'min':
    case 'max':
      return sql`${raw(measure.type)}${suffix}(${may}${extra})`
  }
}
