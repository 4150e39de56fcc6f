import { ColumnTypeText, type ColumnType } from '#core/dataset'
import type { Problem } from '#core/errors'
import { readTokens, type Token } from './tokens.ts'
import { readNumber } from './literals.ts'
import { childrenOf, limits, type ArithmeticOperator, type ComparisonOperator, type Expression } from './tree.ts'

/** A Pratt parser: each operator has a strength, and a part ends where a weaker operator begins. */
const strengths = { or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, sign: 7 } as const
const keywords = new Set([
  'and',
  'or',
  'not',
  'in',
  'between',
  'like',
  'ilike',
  'is',
  'null',
  'true',
  'false',
  'case',
  'when',
  'then',
  'else',
  'end',
])
const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}
const tests = new Set(['in', 'between', 'like', 'ilike', 'is', 'not'])

/** Ends parsing at the first place where the grammar no longer fits. */
class Stuck extends Error {
  readonly problem: Problem
  constructor(at: string | number, code: string, message: string) {
    super(message)
    this.problem = { at: String(at), code, message }
  }
}

export function parse(text: string): { expression: Expression } | { problems: readonly Problem[] } {
  if (text.length > limits.characters) {
    return {
      problems: [
        {
          at: '0',
          code: 'too_long',
          message: `an expression has at most ${limits.characters} characters, this one has ${text.length}`,
        },
      ],
    }
  }
  if (!text.isWellFormed())
    return { problems: [{ at: '0', code: 'bad_text', message: 'the expression is not well-formed Unicode' }] }
  const { tokens, problems } = readTokens(text)
  if (problems.length > 0) return { problems }
  try {
    const expression = new Parser(tokens).whole()
    const size = sizeProblem(expression)
    return size ? { problems: [size] } : { expression }
  } catch (error) {
    if (error instanceof Stuck) return { problems: [error.problem] }
    throw error
  }
}

export function sizeProblem(expression: Expression): Problem | undefined {
  let parts = 0
  const deepest = (part: Expression): number => {
    parts += 1
    return 1 + Math.max(0, ...childrenOf(part).map(deepest))
  }
  const depth = deepest(expression)
  if (parts > limits.parts)
    return {
      at: expression.at,
      code: 'too_large',
      message: `an expression has at most ${limits.parts} parts, this one has ${parts}`,
    }
  if (depth > limits.depth)
    return {
      at: expression.at,
      code: 'too_deep',
      message: `an expression is nested at most ${limits.depth} deep, this one is ${depth}`,
    }
  return undefined
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Expression {
    if (this.#token.kind === 'end') throw new Stuck(0, 'empty', 'the expression is empty')
    const expression = this.#part(0)
    if (this.#next < this.#tokens.length - 1) throw this.#unexpected('an operator or the end')
    return expression
  }

  get #token(): Token {
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)]!
  }

  #is(text: string): boolean {
    const token = this.#token
    return token.kind === 'symbol' ? token.text === text : token.kind === 'word' && token.text.toLowerCase() === text
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false
    this.#next += 1
    return true
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected(`"${text}"`)
  }

  #unexpected(wanted: string): Stuck {
    const { kind, text, at } = this.#token
    const found =
      kind === 'end' ? 'the expression ends' : `there is ${kind === 'string' ? `the text '${text}'` : `"${text}"`}`
    return new Stuck(at, 'unexpected', `expected ${wanted}, but here ${found}`)
  }

  #part(strength: number): Expression {
    this.#depth += 1
    if (this.#depth > limits.depth * 2)
      throw new Stuck(this.#token.at, 'too_deep', `an expression is nested at most ${limits.depth} deep`)
    let left = this.#beginning()
    for (;;) {
      const longer = this.#continued(left, strength)
      if (longer === undefined) break
      left = longer
    }
    this.#depth -= 1
    return left
  }

  #beginning(): Expression {
    const token = this.#token
    const at = String(token.at)
    if (this.#take('(')) {
      const inner = this.#part(0)
      this.#expect(')')
      return inner
    }
    if (this.#take('not')) return { kind: 'not', at, value: this.#part(strengths.not) }
    if (this.#take('+')) return this.#part(strengths.sign)
    if (this.#take('-')) {
      if (this.#token.kind === 'number') return this.#number('-', at)
      return { kind: 'negation', at, value: this.#part(strengths.sign) }
    }
    if (token.kind === 'number') return this.#number('', at)
    if (token.kind === 'end' || token.kind === 'symbol') throw this.#unexpected('a column, a value or "("')
    this.#next += 1
    if (token.kind === 'string') return { kind: 'literal', at, type: 'string', text: token.text }
    if (token.kind === 'name') return { kind: 'column', at, name: token.text }
    const keyword = token.text.toLowerCase()
    if (keyword === 'true' || keyword === 'false') return { kind: 'literal', at, type: 'boolean', text: keyword }
    if (keyword === 'null') return { kind: 'literal', at, type: 'null', text: 'null' }
    if (keyword === 'case') return this.#case(at)
    if (keywords.has(keyword)) {
      this.#next -= 1
      throw this.#unexpected('a column, a value or "("')
    }
    if (!this.#is('(')) return { kind: 'column', at, name: token.text }
    return keyword === 'cast' ? this.#cast(at) : this.#call(at, keyword)
  }

  #number(sign: string, at: string): Expression {
    const text = this.#token.text
    this.#next += 1
    const literal = readNumber(sign + text, at)
    if (typeof literal === 'string') throw new Stuck(at, 'bad_number', literal)
    return literal
  }

  #call(at: string, name: string): Expression {
    this.#expect('(')
    return { kind: 'call', at, name, arguments: this.#take(')') ? [] : this.#list() }
  }

  /** Up to and with the closing bracket. */
  #list(): readonly Expression[] {
    const items: Expression[] = []
    do {
      items.push(this.#part(0))
      if (items.length > limits.items)
        throw new Stuck(this.#token.at, 'too_large', `a list has at most ${limits.items} items`)
    } while (this.#take(','))
    this.#expect(')')
    return items
  }

  #cast(at: string): Expression {
    this.#expect('(')
    const value = this.#part(0)
    this.#expect('as')
    return { kind: 'cast', at, value, type: this.#type() }
  }

  #type(): ColumnType {
    const { at } = this.#token
    let text = ''
    for (let depth = 0; !(depth === 0 && this.#is(')')); this.#next += 1) {
      if (this.#token.kind === 'end') throw this.#unexpected('")"')
      depth += this.#is('(') ? 1 : this.#is(')') ? -1 : 0
      text += this.#token.text
    }
    this.#expect(')')
    const type = ColumnTypeText.safeParse(text)
    if (!type.success) throw new Stuck(at, 'unknown_type', type.error.issues[0]!.message)
    return type.data
  }

  #case(at: string): Expression {
    const subject = this.#is('when') ? undefined : this.#part(0)
    const branches: { when: Expression; then: Expression }[] = []
    while (this.#take('when')) {
      const when = this.#part(0)
      this.#expect('then')
      branches.push({ when, then: this.#part(0) })
    }
    if (branches.length === 0) throw this.#unexpected('"when"')
    const otherwise = this.#take('else') ? this.#part(0) : undefined
    this.#expect('end')
    return { kind: 'case', at, branches, ...(subject && { subject }), ...(otherwise && { otherwise }) }
  }

  #continued(left: Expression, strength: number): Expression | undefined {
    const token = this.#token
    const { at } = left
    if (token.kind === 'symbol') {
      const operator = token.text
      const comparison = comparisons[operator]
      if (comparison) {
        if (strength >= strengths.comparison) return undefined
        this.#next += 1
        return { kind: 'comparison', at, operator: comparison, left, right: this.#part(strengths.comparison) }
      }
      const own =
        operator === '+' || operator === '-' ? strengths.sum : '*/%'.includes(operator) ? strengths.product : 0
      if (own <= strength) return undefined
      this.#next += 1
      return { kind: 'arithmetic', at, operator: operator as ArithmeticOperator, left, right: this.#part(own) }
    }
    if (token.kind !== 'word') return undefined
    const keyword = token.text.toLowerCase()
    if (keyword === 'and' || keyword === 'or') {
      if (strengths[keyword] <= strength) return undefined
      const parts = [left]
      while (this.#take(keyword)) parts.push(this.#part(strengths[keyword]))
      return { kind: 'logic', at, operator: keyword, parts }
    }
    return tests.has(keyword) && strengths.comparison > strength ? this.#test(left) : undefined
  }

  /** `is null`, `in`, `between`, `like`, each also with `not`. */
  #test(value: Expression): Expression {
    const { at } = value
    if (this.#take('is')) {
      const negated = this.#take('not')
      this.#expect('null')
      return { kind: 'is_null', at, value, negated }
    }
    const negated = this.#take('not')
    if (this.#take('in')) {
      this.#expect('(')
      return { kind: 'in', at, value, items: this.#list(), negated }
    }
    if (this.#take('between')) {
      const low = this.#part(strengths.comparison)
      this.#expect('and')
      return { kind: 'between', at, value, low, high: this.#part(strengths.comparison), negated }
    }
    const anyCase = this.#take('ilike')
    if (!anyCase && !this.#take('like')) throw this.#unexpected('"in", "between" or "like"')
    if (this.#token.kind !== 'string') throw this.#unexpected("a pattern in quotes, such as 'A%'")
    const pattern = this.#token.text
    this.#next += 1
    return { kind: 'like', at, value, pattern, anyCase, negated }
  }
}
