/** Row filters of policies: with the attributes of a reader put in, as one condition over the stored columns. */
import { checkExpression, literalOf, type Expression, type Scope } from '#core/expression'
import { readFilter, type Filter } from '#core/filter'
import type { AttributeValue } from './policy.ts'

/** `undefined` where it holds for no row: an attribute is missing, or the filter cannot be read. */
export function resolveFilter(
  filter: Filter,
  attributes: Readonly<Record<string, AttributeValue>>,
): Expression | undefined {
  const read = readFilter(filter)
  if ('problems' in read) return undefined
  try {
    return withAttributes(read.expression, attributes)
  } catch (error) {
    if (error instanceof NoAttribute) return undefined
    throw error
  }
}

/** A filter that does not fit the columns holds for no row. */
export function anyOf(filters: readonly Expression[], scope: Scope): Expression {
  const fitting = filters.filter(
    (filter) => checkExpression(filter, scope, { expect: 'condition' }).problems.length === 0,
  )
  const [first] = fitting
  if (first === undefined) return literalOf(false, '')
  return fitting.length === 1 ? first : { kind: 'logic', at: '', operator: 'or', parts: fitting }
}

class NoAttribute extends Error {}

function withAttributes(expression: Expression, attributes: Readonly<Record<string, AttributeValue>>): Expression {
  const attributeOf = (part: Expression): AttributeValue | undefined => {
    if (part.kind !== 'call' || part.name !== 'attribute') return undefined
    const [name] = part.arguments
    if (part.arguments.length !== 1 || name?.kind !== 'literal' || name.type !== 'string') throw new NoAttribute()
    const value = Object.hasOwn(attributes, name.text) ? attributes[name.text] : undefined
    if (value === undefined || value === null) throw new NoAttribute()
    return value
  }
  const replaced = (part: Expression): Expression => {
    const value = attributeOf(part)
    if (value === undefined) return inside(part)
    if (typeof value === 'object') throw new NoAttribute()
    return literalOf(value, part.at)
  }
  const replacedItems = (part: Expression): readonly Expression[] => {
    const value = attributeOf(part)
    return typeof value === 'object' ? value.map((each) => literalOf(each, part.at)) : [replaced(part)]
  }
  const inside = (part: Expression): Expression => {
    switch (part.kind) {
      case 'literal':
      case 'column':
        return part
      case 'negation':
      case 'not':
      case 'like':
      case 'is_null':
      case 'cast':
        return { ...part, value: replaced(part.value) }
      case 'arithmetic':
      case 'comparison':
        return { ...part, left: replaced(part.left), right: replaced(part.right) }
      case 'logic':
        return { ...part, parts: part.parts.map(replaced) }
      case 'in': {
        const items = part.items.flatMap(replacedItems)
        if (items.length === 0) throw new NoAttribute()
        return { ...part, value: replaced(part.value), items }
      }
      case 'between':
        return { ...part, value: replaced(part.value), low: replaced(part.low), high: replaced(part.high) }
      case 'call':
        return { ...part, arguments: part.arguments.map(replaced) }
      case 'case':
        return {
          ...part,
          ...(part.subject && { subject: replaced(part.subject) }),
          branches: part.branches.map(({ when, then }) => ({ when: replaced(when), then: replaced(then) })),
          ...(part.otherwise && { otherwise: replaced(part.otherwise) }),
        }
    }
  }
  return replaced(expression)
}
