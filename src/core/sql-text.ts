/**
 * The engine's SQL as tokens: just enough to see where strings, names and comments end.
 * It follows ClickHouse's own lexer, so nothing inside a string is ever read as code.
 *
 * ```ts
 * sqlTokens("select '--' -- all").map(({ kind, text }) => [kind, text])
 * // [['word', 'select'], ['string', "'--'"]]
 * ```
 */
export interface SqlToken {
  readonly kind: 'word' | 'number' | 'string' | 'quoted' | 'sign' | 'broken'
  readonly text: string
  readonly start: number
  readonly end: number
}

const space = /[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]/
const wordStart = /[A-Za-z_]/
const wordPart = /[A-Za-z0-9_$]/
const digit = /[0-9]/

/** The tokens without comments and white space. A `broken` token ends the list: an unclosed string or comment. */
export function sqlTokens(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = []
  let at = 0
  const take = (kind: SqlToken['kind'], end: number): void => {
    tokens.push({ kind, text: sql.slice(at, end), start: at, end })
    at = end
  }
  while (at < sql.length) {
    const char = sql[at] ?? ''
    if (space.test(char)) {
      at += 1
    } else if (isLineComment(sql, at)) {
      const newline = sql.indexOf('\n', at)
      at = newline < 0 ? sql.length : newline + 1
    } else if (char === '/' && sql[at + 1] === '*') {
      const close = sql.indexOf('*/', at + 2)
      if (close < 0) take('broken', sql.length)
      else at = close + 2
    } else if (char === "'" || char === '"' || char === '`') {
      const end = endOfQuoted(sql, at)
      if (end === undefined) take('broken', sql.length)
      else take(char === "'" ? 'string' : 'quoted', end)
    } else if (char === '$' && endOfHeredoc(sql, at) !== undefined) {
      take('string', endOfHeredoc(sql, at) ?? sql.length)
    } else if (wordStart.test(char)) {
      take('word', endOfRun(sql, at, wordPart))
    } else if (digit.test(char)) {
      take('number', endOfRun(sql, at, wordPart))
    } else {
      take('sign', at + 1)
    }
  }
  return tokens
}

function isLineComment(sql: string, at: number): boolean {
  if (sql[at] === '-') return sql[at + 1] === '-'
  return sql[at] === '#' && (sql[at + 1] === ' ' || sql[at + 1] === '!')
}

function endOfQuoted(sql: string, start: number): number | undefined {
  const quote = sql[start]
  for (let at = start + 1; at < sql.length; at += 1) {
    if (sql[at] === '\\') at += 1
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1
      at += 1
    }
  }
  return undefined
}

function endOfHeredoc(sql: string, start: number): number | undefined {
  const tag = /^\$\w*\$/.exec(sql.slice(start, start + 200))?.[0]
  if (tag === undefined) return undefined
  const close = sql.indexOf(tag, start + tag.length)
  return close < 0 ? undefined : close + tag.length
}

function endOfRun(sql: string, start: number, part: RegExp): number {
  let end = start + 1
  while (end < sql.length && part.test(sql[end] ?? '')) end += 1
  return end
}

/** A string literal of the engine's SQL. */
export function sqlString(value: string): string {
  return `'${value.toWellFormed().replace(/[\\'\0\b\f\n\r\t]/g, (character) => escapes[character]!)}'`
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}
