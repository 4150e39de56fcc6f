import { withArticle } from '#core/with-article'
import { columnOf, engineTypeOf } from './columns.ts'
import { fit } from './fit.ts'
import { mergeOrigins } from './origins.ts'
import type { Plan, Union } from './plan.ts'

/** Columns meet by name: each input has the columns of the first, with the same types. */
export function union(inputs: readonly [Plan, ...Plan[]]): Union {
  const [first] = inputs
  const columns = first.columns.map(({ name, type }) => {
    const same = inputs.map((input) => columnOf(input, name))
    const other = same.find((column) => column.type !== type)
    if (other !== undefined)
      throw new Error(`The column "${name}" is ${withArticle(type)} and ${withArticle(other.type)}.`)
    const nullable = same.some((column) => column.nullable)
    const engine = engineTypeOf({ type, nullable })
    return { name, type, nullable, engine, origins: mergeOrigins(same.map(({ origins }) => origins)) }
  })
  const wide = inputs.find((input) => input.columns.length !== columns.length)
  if (wide !== undefined) throw new Error('An input of the union has columns that the first lacks.')
  const stored = columns.map(({ name, type, engine }) => ({
    name,
    type: engine,
    ...(type === 'json' ? { holds: type } : {}),
  }))
  return {
    kind: 'union',
    inputs: inputs.map((input) => fit(input, stored)),
    columns,
    rowOrigins: mergeOrigins(inputs.map(({ rowOrigins }) => rowOrigins)),
  }
}
