import { withArticle } from '../with-article.ts'
import { compareText, type Bound, type Value } from './bound.ts'
import type { FunctionSpec } from './function-spec.ts'
import { bindComparison, unify } from './operators.ts'

interface Choice extends Pick<FunctionSpec, 'arity'> {
  /** The name of the engine's function. */
  readonly engine: string
  readonly choose: (values: readonly Value[]) => Value
  readonly nullable: (parts: readonly Bound[]) => boolean
}

/** Of several parts of one type, one. */
function choosing(usage: string, about: string, { arity, engine, choose, nullable }: Choice): FunctionSpec {
  return {
    usage,
    about,
    arity,
    bind: (parts) => {
      const united = unify(parts)
      if (typeof united === 'string') return united
      return {
        type: united.type,
        nullable: nullable(united.parts),
        sql: `${engine}(${united.parts.map((part) => part.sql).join(', ')})`,
        value: (row) => choose(united.parts.map((part) => part.value(row))),
      }
    },
  }
}

function least(values: readonly Value[], sign: 1 | -1): Value {
  const known = values.filter((value) => value !== null)
  return known.reduce<Value>((best, value) => {
    if (best === null) return value
    const order =
      typeof value === 'string' ? compareText(value, best as string) : value < best ? -1 : value > best ? 1 : 0
    return order * sign < 0 ? value : best
  }, null)
}

const everyNullable = (parts: readonly Bound[]): boolean => parts.every((part) => part.nullable)

/** `if` and `case`: the first branch whose condition is true; an unknown condition counts as false. */
export function bindChoice(conditions: readonly Bound[], answers: readonly Bound[]): Bound | string {
  const wrong = conditions.find((condition) => condition.type !== 'boolean' && condition.type !== 'null')
  if (wrong) return `a condition is a boolean, and this is ${withArticle(wrong.type)}`
  const united = unify(answers)
  if (typeof united === 'string') return united
  const { parts } = united
  const branches = conditions.flatMap((condition, index) => [condition.sql, parts[index]!.sql])
  return {
    type: united.type,
    nullable: parts.some((part) => part.nullable),
    sql: `multiIf(${[...branches, parts.at(-1)!.sql].join(', ')})`,
    value: (row) => {
      const found = conditions.findIndex((condition) => condition.value(row) === true)
      return (found < 0 ? parts.at(-1)! : parts[found]!).value(row)
    },
  }
}

export const choiceFunctions: Readonly<Record<string, FunctionSpec>> = {
  coalesce: choosing('coalesce(a, b, …)', 'The first that is not null.', {
    arity: [1, 50],
    engine: 'coalesce',
    choose: (values) => values.find((value) => value !== null) ?? null,
    nullable: everyNullable,
  }),
  least: choosing('least(a, b, …)', 'The smallest; nulls are left out.', {
    arity: [1, 50],
    engine: 'least',
    choose: (values) => least(values, 1),
    nullable: everyNullable,
  }),
  greatest: choosing('greatest(a, b, …)', 'The largest; nulls are left out.', {
    arity: [1, 50],
    engine: 'greatest',
    choose: (values) => least(values, -1),
    nullable: everyNullable,
  }),
  if: {
    usage: 'if(condition, then, else)',
    about: 'One or the other; an unknown condition counts as false.',
    arity: [3, 3],
    bind: ([condition, then, otherwise]) => bindChoice([condition!], [then!, otherwise!]),
  },
  nullif: {
    usage: 'nullif(a, b)',
    about: 'Null when both are equal, otherwise a.',
    arity: [2, 2],
    bind: ([value, other]) => {
      const same = bindComparison('=', value!, other!)
      if (typeof same === 'string') return same
      return {
        type: value!.type,
        nullable: true,
        sql: `if(ifNull(${same.sql}, false), NULL, ${value!.sql})`,
        value: (row) => (same.value(row) === true ? null : value!.value(row)),
      }
    },
  },
}
