import { derived, type Bound } from './bound.ts'
import type { FunctionSpec } from './function-spec.ts'
import { quoteText } from './literals.ts'

const isText = (part: Bound): boolean => part.type === 'string' || part.type === 'null'

function needText(parts: readonly Bound[], usage: string): string | undefined {
  const other = parts.find((part) => !isText(part))
  return other && `${usage} needs text, and this is a ${other.type}; cast(… as string) makes text of it`
}

/** A function of texts only. */
function ofTexts(
  usage: string,
  about: string,
  arity: FunctionSpec['arity'],
  type: 'string' | 'integer' | 'boolean',
  sql: (...parts: string[]) => string,
  value: (...texts: string[]) => string | bigint | boolean,
): FunctionSpec {
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
  lower: ofTexts(
    'lower(text)',
    'The text in small letters.',
    [1, 1],
    'string',
    (x) => `lowerUTF8(${x})`,
    (x) => x.toLowerCase(),
  ),
  upper: ofTexts(
    'upper(text)',
    'The text in capital letters.',
    [1, 1],
    'string',
    (x) => `upperUTF8(${x})`,
    (x) => x.toUpperCase(),
  ),
  trim: ofTexts(
    'trim(text)',
    'The text without spaces at its ends.',
    [1, 1],
    'string',
    (x) => `trimBoth(${x})`,
    (x) => x.replace(/^ +| +$/g, ''),
  ),
  length: ofTexts(
    'length(text)',
    'How many characters (code points) it has.',
    [1, 1],
    'integer',
    (x) => `toInt64(lengthUTF8(${x}))`,
    (x) => BigInt(Array.from(x).length),
  ),
  concat: ofTexts(
    'concat(text, text, …)',
    'The texts one after the other; null when one of them is.',
    [1, 50],
    'string',
    (...all) => `concat(${all.join(', ')})`,
    (...all) => all.join(''),
  ),
  contains: ofTexts(
    'contains(text, part)',
    'Whether the part occurs in the text; letter case counts.',
    [2, 2],
    'boolean',
    (x, y) => `(position(${x}, ${y}) > 0)`,
    (x, y) => x.includes(y),
  ),
  starts_with: ofTexts(
    'starts_with(text, part)',
    'Whether the text begins with the part.',
    [2, 2],
    'boolean',
    (x, y) => `(startsWith(${x}, ${y}) = 1)`,
    (x, y) => x.startsWith(y),
  ),
  ends_with: ofTexts(
    'ends_with(text, part)',
    'Whether the text ends with the part.',
    [2, 2],
    'boolean',
    (x, y) => `(endsWith(${x}, ${y}) = 1)`,
    (x, y) => x.endsWith(y),
  ),
  replace: ofTexts(
    'replace(text, part, by)',
    'The text with every such part replaced.',
    [3, 3],
    'string',
    (x, y, z) => `replaceAll(${x}, ${y}, ${z})`,
    (x, y, z) => (y === '' ? x : x.replaceAll(y, () => z)),
  ),
  substring: {
    usage: 'substring(text, from, length?)',
    about: 'A part of the text; the first character is 1.',
    arity: [2, 3],
    bind: ([text, from, length]) => {
      if (!isText(text!)) return `substring needs text, and this is a ${text!.type}`
      const places = length ? [from!, length] : [from!]
      const other = places.find((part) => part.type !== 'integer' && part.type !== 'null')
      if (other) return `substring counts in integers, and this is a ${other.type}`
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
      if (!isText(text!)) return `matches needs text, and this is a ${text!.type}`
      if (pattern!.literal?.type !== 'string')
        return "the pattern of matches is a text in quotes, such as matches(code, '^A[0-9]+$')"
      const source = pattern!.literal.text
      const expression = regularExpression(source)
      if (typeof expression === 'string') return expression
      return derived('boolean', [text!], `(match(${text!.sql}, ${quoteText(source)}) = 1)`, (value) =>
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
