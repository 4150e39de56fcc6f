import { nameText, stringText } from '../expression-text.ts'
import type { Expression } from './tree.ts'

/** Text that parses to the same expression. */
export function printExpression(expression: Expression): string {
  const negation = 'negated' in expression && expression.negated ? 'not ' : ''
  switch (expression.kind) {
    case 'literal':
      return expression.type === 'string'
        ? stringText(expression.text)
        : expression.type === 'number'
          ? scientific(expression.text)
          : expression.text
    case 'column':
      return nameText(expression.name)
    case 'negation':
      return `-${expression.value.kind === 'literal' ? `(${printExpression(expression.value)})` : inner(expression.value)}`
    case 'arithmetic':
    case 'comparison':
      return `${inner(expression.left)} ${expression.operator} ${inner(expression.right)}`
    case 'logic':
      return expression.parts.map(inner).join(` ${expression.operator} `)
    case 'not':
      return `not ${inner(expression.value)}`
    case 'like':
      return `${inner(expression.value)} ${negation}${expression.anyCase ? 'ilike' : 'like'} ${stringText(expression.pattern)}`
    case 'in':
      return `${inner(expression.value)} ${negation}in (${expression.items.map(printExpression).join(', ')})`
    case 'between':
      return `${inner(expression.value)} ${negation}between ${inner(expression.low)} and ${inner(expression.high)}`
    case 'is_null':
      return `${inner(expression.value)} is ${negation}null`
    case 'call':
      return `${expression.name}(${expression.arguments.map(printExpression).join(', ')})`
    case 'cast':
      return `cast(${printExpression(expression.value)} as ${expression.type})`
    case 'case': {
      const branches = expression.branches
        .map(({ when, then }) => ` when ${printExpression(when)} then ${printExpression(then)}`)
        .join('')
      const otherwise = expression.otherwise ? ` else ${printExpression(expression.otherwise)}` : ''
      return `case${expression.subject ? ` ${printExpression(expression.subject)}` : ''}${branches}${otherwise} end`
    }
  }
}

function inner(expression: Expression): string {
  const text = printExpression(expression)
  return ['literal', 'column', 'call', 'cast', 'case'].includes(expression.kind) ? text : `(${text})`
}

function scientific(text: string): string {
  return text.includes('e') ? text : `${text}e0`
}
