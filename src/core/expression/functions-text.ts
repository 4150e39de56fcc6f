import { withArticle } from '../with-article.ts'
import { derived, type Bound } from './bound.ts'
import type { FunctionSpec } from './function-spec.ts'
import { sqlString } from '../sql-text.ts'

const isText = (part: Bound): boolean => part.type === 'string' || part.type === 'null'

function needText(parts: readonly Bound[], usage: string): string | undefined {
  const other = parts.find((part) => !isText(part))
  return other && `${usage} needs text, and this is ${withArticle(other.type)}; cast(… as string) makes text of it`
}

/** A function of texts only. */
interface OfTexts extends Pick<FunctionSpec, 'arity'> {
  readonly type: 'string' | 'integer' | 'boolean'
  readonly sql: (...parts: string[]) => string
  readonly value: (...texts: string[]) => string | bigint | boolean
}

function ofTexts(usage: string, about: string, { arity, type, sql, value }: OfTexts): FunctionSpec {
  return {
    usage,
    about,
    arity,
    bind: (parts) =>
      needText(parts, usage) ??
      derived(type, parts, sql(...parts.map((part) => part.sql)), (...texts) => value(...(texts as string[]))),
  }
}

export const textFunctions: Readonly<Record<string, FunctionSpec>> = {
  lower: ofTexts('lower(text)', 'The text in small letters.', {
    arity: [1, 1],
    type: 'string',
    sql: (x) => `lowerUTF8(${x})`,
    value: (x) => x.toLowerCase(),
  }),
  upper: ofTexts('upper(text)', 'The text in capital letters.', {
    arity: [1, 1],
    type: 'string',
    sql: (x) => `upperUTF8(${x})`,
    value: (x) => x.toUpperCase(),
  }),
  trim: ofTexts('trim(text)', 'The text without spaces at its ends.', {
    arity: [1, 1],
    type: 'string',
    sql: (x) => `trimBoth(${x})`,
    value: (x) => x.replace(/^ +| +$/g, ''),
  }),
  length: ofTexts('length(text)', 'How many characters (code points) it has.', {
    arity: [1, 1],
    type: 'integer',
    sql: (x) => `toInt64(lengthUTF8(${x}))`,
    value: (x) => BigInt(Array.from(x).length),
  }),
  concat: ofTexts('concat(text, text, …)', 'The texts one after the other; null when one of them is.', {
    arity: [1, 50],
    type: 'string',
    sql: (...all) => `concat(${all.join(', ')})`,
    value: (...all) => all.join(''),
  }),
  contains: ofTexts('contains(text, part)', 'Whether the part occurs in the text; letter case counts.', {
    arity: [2, 2],
    type: 'boolean',
    sql: (x, y) => `(position(${x}, ${y}) > 0)`,
    value: (x, y) => x.includes(y),
  }),
  starts_with: ofTexts('starts_with(text, part)', 'Whether the text begins with the part.', {
    arity: [2, 2],
    type: 'boolean',
    sql: (x, y) => `(startsWith(${x}, ${y}) = 1)`,
    value: (x, y) => x.startsWith(y),
  }),
  ends_with: ofTexts('ends_with(text, part)', 'Whether the text ends with the part.', {
    arity: [2, 2],
    type: 'boolean',
    sql: (x, y) => `(endsWith(${x}, ${y}) = 1)`,
    value: (x, y) => x.endsWith(y),
  }),
  replace: ofTexts('replace(text, part, by)', 'The text with every such part replaced.', {
    arity: [3, 3],
    type: 'string',
    sql: (x, y, z) => `replaceAll(${x}, ${y}, ${z})`,
    value: (x, y, z) => (y === '' ? x : x.replaceAll(y, () => z)),
  }),
  substring: {
    usage: 'substring(text, from, length?)',
    about: 'A part of the text; the first character is 1.',
    arity: [2, 3],
    bind: ([text, from, length]) => {
      if (!isText(text!)) return `substring needs text, and this is ${withArticle(text!.type)}`
      const places = length ? [from!, length] : [from!]
      const other = places.find((part) => part.type !== 'integer' && part.type !== 'null')
      if (other) return `substring counts in integers, and this is ${withArticle(other.type)}`
      const sql = `substringUTF8(${text!.sql}, greatest(${from!.sql}, 1)${length ? `, greatest(${length.sql}, 0)` : ''})`
      const nullable = [text!, ...places].some((part) => part.nullable)
      const whole = places.map((part) => `isNull(${part.sql})`).join(' or ')
      return derived(
        'string',
        [text!, ...places],
        nullable ? `if(${whole}, NULL, ${sql})` : sql,
        (value, start, count) => {
          const first = Math.max(Number(start), 1) - 1
          const end = count === undefined ? undefined : first + Math.max(Number(count), 0)
          return Array.from(value as string)
            .slice(first, end)
            .join('')
        },
      )
    },
  },
  matches: {
    usage: "matches(text, 'pattern')",
    about: 'Whether a regular expression (RE2) is found anywhere in the text.',
    arity: [2, 2],
    bind: ([text, pattern]) => {
      if (!isText(text!)) return `matches needs text, and this is ${withArticle(text!.type)}`
      if (pattern!.literal?.type !== 'string')
        return "the pattern of matches is a text in quotes, such as matches(code, '^A[0-9]+$')"
      const source = pattern!.literal.text
      const expression = regularExpression(source)
      if (typeof expression === 'string') return expression
      return derived('boolean', [text!], `(match(${text!.sql}, ${sqlString(source)}) = 1)`, (value) =>
        expression.test(value as string),
      )
    },
  },
}

function regularExpression(source: string): RegExp | string {
  if (source.length > 500) return 'a regular expression has at most 500 characters'
  if (/\(\?(?!:|i\)|s\))|\\[1-9]/.test(source))
    return 'a regular expression here has no look-around, named groups or back references: it runs in time that only grows with the text'
  const repeated = [...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map((match) =>
    Math.max(Number(match[1]), Number(match[2] || 0)),
  )
  if (repeated.some((count) => count > 1000)) return 'a regular expression repeats at most 1000 times'
  try {
    return new RegExp(source, 'su')
  } catch (error) {
    return `'${source}' is not a regular expression: ${(error as Error).message}`
  }
}
