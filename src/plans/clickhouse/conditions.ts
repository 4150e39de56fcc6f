import { engineType } from '#core/dataset'
import { bound, join, literal, name, raw, sql, text } from '#sdk'
import type { Sql } from '#sdk'
import { columnOf } from '../columns.ts'
import type { Condition, Plan } from '../plan.ts'
import { castSql } from './casts.ts'

/** True, or empty, or false for each row. */
export function conditionSql(input: Plan, condition: Condition): Sql {
  if (condition.kind === 'repeated')
    return sql`row_number() OVER (PARTITION BY ${join(condition.columns.map(name), ', ')}) > 1`
  const value = name(condition.column)
  const { type } = columnOf(input, condition.column)
  switch (condition.kind) {
    case 'empty':
      return sql`isNull(${value})`
    case 'unlike':
      return sql`isNotNull(${value}) AND NOT match(toString(assumeNotNull(${value})), ${text(condition.pattern)})`
    case 'none_of': {
      const values = condition.values.map(literal).join(', ')
      return sql`isNotNull(${value}) AND toString(assumeNotNull(${value})) NOT IN (${raw(values)})`
    }
    case 'outside': {
      const outside = [
        ...(condition.min === undefined ? [] : [sql`${value} < ${bound(condition.min, engineType(type))}`]),
        ...(condition.max === undefined ? [] : [sql`${value} > ${bound(condition.max, engineType(type))}`]),
      ]
      return sql`isNotNull(${value}) AND ifNull(${join(outside, ' OR ')}, false)`
    }
    case 'unreadable': {
      if (type === condition.type || engineType(type) === engineType(condition.type)) return raw('false')
      const { column } = condition
      return sql`isNotNull(${value}) AND isNull(${castSql(input, { column, type: condition.type, otherwise: 'null' })})`
    }
  }
}
