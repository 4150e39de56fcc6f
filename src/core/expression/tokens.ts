import type { Problem } from '#core/errors'

export interface Token {
  readonly kind: 'name' | 'word' | 'number' | 'string' | 'symbol' | 'end'
  /** The name or string without its quotes; symbols and numbers as written. `word`: an unquoted name, which may be a keyword. */
  readonly text: string
  readonly at: number
}

const space = /\s+/y
const word = /[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*/uy
const number = /(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/y
const symbol = /<=|>=|<>|!=|==|[-+*/%=<>(),]/y

export function readTokens(text: string): { tokens: readonly Token[]; problems: readonly Problem[] } {
  const tokens: Token[] = []
  const problems: Problem[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  while (at < text.length) {
    const start = at
    const blank = take(space)
    if (blank) {
      at += blank.length
      continue
    }
    const quote = text[at]
    if (quote === "'" || quote === '"' || quote === '`') {
      const quoted = readQuoted(text, at, quote)
      at = quoted.end
      if (!quoted.closed)
        problems.push(problem(start, 'unclosed_quote', `the quote ${quote} that begins here is never closed`))
      tokens.push({ kind: quote === "'" ? 'string' : 'name', text: quoted.text, at: start })
      continue
    }
    const digits = take(number)
    const letters = digits ? undefined : take(word)
    const sign = digits || letters ? undefined : take(symbol)
    const found = digits ?? letters ?? sign
    if (found === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
      problems.push(problem(start, 'unknown_character', `"${character}" has no meaning in an expression`))
      at += character.length
      continue
    }
    tokens.push({ kind: digits ? 'number' : letters ? 'word' : 'symbol', text: found, at: start })
    at += found.length
  }
  tokens.push({ kind: 'end', text: '', at: text.length })
  return { tokens, problems }
}

/** A doubled quote means itself. Backslashes mean nothing. */
function readQuoted(text: string, start: number, quote: string): { text: string; end: number; closed: boolean } {
  let at = start + 1
  let content = ''
  while (at < text.length) {
    const next = text.indexOf(quote, at)
    if (next < 0) break
    content += text.slice(at, next)
    if (text[next + 1] !== quote) return { text: content, end: next + 1, closed: true }
    content += quote
    at = next + 2
  }
  return { text: content + text.slice(at), end: text.length, closed: false }
}

function problem(at: number, code: string, message: string): Problem {
  return { at: String(at), code, message }
}
