import type { ColumnType } from '#core/dataset'

/**
 * An expression as data. `at` is the place of a part: the character it begins at (`12`) when it was
 * written as text, a path (`and.0.value`) when it was written as an object.
 */
export type Expression =
  | Literal
  | ColumnName
  | Negation
  | Arithmetic
  | Comparison
  | Logic
  | Not
  | Like
  | Membership
  | Between
  | NullTest
  | Choice
  | Call
  | Cast

/** Numbers are kept as written, so that no digit is lost. */
export interface Literal {
  readonly kind: 'literal'
  readonly at: string
  readonly type: 'null' | 'boolean' | 'string' | 'integer' | 'decimal' | 'number'
  readonly text: string
}

export interface ColumnName {
  readonly kind: 'column'
  readonly at: string
  readonly name: string
}

export interface Negation {
  readonly kind: 'negation'
  readonly at: string
  readonly value: Expression
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'
export interface Arithmetic {
  readonly kind: 'arithmetic'
  readonly at: string
  readonly operator: ArithmeticOperator
  readonly left: Expression
  readonly right: Expression
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>='
export interface Comparison {
  readonly kind: 'comparison'
  readonly at: string
  readonly operator: ComparisonOperator
  readonly left: Expression
  readonly right: Expression
}

export interface Logic {
  readonly kind: 'logic'
  readonly at: string
  readonly operator: 'and' | 'or'
  readonly parts: readonly Expression[]
}

export interface Not {
  readonly kind: 'not'
  readonly at: string
  readonly value: Expression
}

export interface Like {
  readonly kind: 'like'
  readonly at: string
  readonly value: Expression
  readonly pattern: string
  readonly anyCase: boolean
  readonly negated: boolean
}

export interface Membership {
  readonly kind: 'in'
  readonly at: string
  readonly value: Expression
  readonly items: readonly Expression[]
  readonly negated: boolean
}

export interface Between {
  readonly kind: 'between'
  readonly at: string
  readonly value: Expression
  readonly low: Expression
  readonly high: Expression
  readonly negated: boolean
}

export interface NullTest {
  readonly kind: 'is_null'
  readonly at: string
  readonly value: Expression
  readonly negated: boolean
}

/** `case when … then … else … end`; with `subject`, `when` is compared to it. */
export interface Choice {
  readonly kind: 'case'
  readonly at: string
  readonly subject?: Expression
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[]
  readonly otherwise?: Expression
}

export interface Call {
  readonly kind: 'call'
  readonly at: string
  readonly name: string
  readonly arguments: readonly Expression[]
}

export interface Cast {
  readonly kind: 'cast'
  readonly at: string
  readonly value: Expression
  readonly type: ColumnType
}

export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'column':
      return []
    case 'negation':
    case 'not':
    case 'like':
    case 'is_null':
    case 'cast':
      return [expression.value]
    case 'arithmetic':
    case 'comparison':
      return [expression.left, expression.right]
    case 'logic':
      return expression.parts
    case 'in':
      return [expression.value, ...expression.items]
    case 'between':
      return [expression.value, expression.low, expression.high]
    case 'call':
      return expression.arguments
    case 'case':
      return [
        ...(expression.subject ? [expression.subject] : []),
        ...expression.branches.flatMap((branch) => [branch.when, branch.then]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ]
  }
}

/** The columns an expression reads, each once, in the order they appear. */
export function columnsOf(expression: Expression): readonly string[] {
  const names = new Set<string>()
  const visit = (part: Expression): void => {
    if (part.kind === 'column') names.add(part.name)
    childrenOf(part).forEach(visit)
  }
  visit(expression)
  return [...names]
}

/** The same expression as a part of something at `base`. */
export function movedUnder(base: string, expression: Expression): Expression {
  return JSON.parse(JSON.stringify(expression), (key, value: unknown) =>
    key === 'at' ? `${base}:${String(value)}` : value,
  ) as Expression
}

export const limits = { characters: 10_000, parts: 2_000, depth: 64, items: 1_000 } as const
