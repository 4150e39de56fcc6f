/**
 * What the engine's tree leaves out of names. The tree writes the table `a`.`b` and a dataset that is
 * called "a.b" alike, so the statement's own words tell which of them it is. Only for text that
 * the engine has written itself (`formatQuerySingleLine`): it has no comments and one way of quoting.
 */
import type { SqlToken } from '#core/sql-text'

export interface WrittenNames {
  /** Names that the statement gives to its own parts: `WITH name AS (…)`. */
  readonly own: ReadonlySet<string>
  /** Those of them that are read outside the brackets they are defined in, where the engine does not know them. */
  readonly outOfScope: ReadonlySet<string>
  /** Names spelt with dots between their parts, and every run of those parts. */
  readonly dotted: ReadonlySet<string>
}

export function writtenNames(tokens: readonly SqlToken[]): WrittenNames {
  const own = new Map<string, Set<number>>()
  const brackets = enclosingBrackets(tokens)
  const dotted = new Set<string>()
  for (let index = 0; index < tokens.length; index += 1) {
    const named = ownNameBefore(tokens, index)
    if (named !== undefined) own.set(named, (own.get(named) ?? new Set()).add(brackets[index]?.at(-1) ?? -1))
    if (isName(tokens[index]) && tokens[index - 1]?.text !== '.') addRuns(partsFrom(tokens, index), dotted)
  }
  const outOfScope = new Set<string>()
  for (const [index, token] of tokens.entries()) {
    const scopes = isName(token) && readsTable(tokens, index) ? own.get(plainName(token)) : undefined
    if (scopes !== undefined && !scopes.has(-1) && !brackets[index]?.some((bracket) => scopes.has(bracket)))
      outOfScope.add(plainName(token))
  }
  return { own: new Set(own.keys()), outOfScope, dotted }
}

/** For each token the indexes of the brackets that are open around it. */
function enclosingBrackets(tokens: readonly SqlToken[]): readonly (readonly number[])[] {
  let open: readonly number[] = []
  return tokens.map((token, index) => {
    if (token.kind === 'sign' && token.text === ')') open = open.slice(0, -1)
    const around = open
    if (token.kind === 'sign' && token.text === '(') open = [...open, index]
    return around
  })
}

/** A name that stands for a table for certain: behind `FROM` and `JOIN`. */
function readsTable(tokens: readonly SqlToken[], index: number): boolean {
  const before = tokens[index - 1]
  if (before?.kind !== 'word' || !['FROM', 'JOIN'].includes(before.text.toUpperCase())) return false
  return !['.', '('].includes(tokens[index + 1]?.text ?? '')
}

/** A name as it is meant: without its quotes. */
export function plainName(token: SqlToken): string {
  if (token.kind !== 'quoted') return token.text
  const quote = token.text[0] ?? ''
  return token.text
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .replaceAll(/\\(.)/g, '$1')
}

function isName(token: SqlToken | undefined): token is SqlToken {
  return token?.kind === 'word' || token?.kind === 'quoted'
}

function partsFrom(tokens: readonly SqlToken[], start: number): readonly string[] {
  const parts: string[] = []
  for (let index = start; ; index += 2) {
    const token = tokens[index]
    if (token === undefined || token.kind === 'sign' || token.kind === 'string') return parts
    parts.push(plainName(token))
    if (tokens[index + 1]?.text !== '.') return parts
  }
}

function addRuns(parts: readonly string[], dotted: Set<string>): void {
  for (let from = 0; from < parts.length - 1; from += 1) {
    for (let to = from + 2; to <= parts.length; to += 1) dotted.add(parts.slice(from, to).join('.'))
  }
}

/** `name AS (`, `name (columns) AS (` and `name AS MATERIALIZED (`, seen from `AS`. */
function ownNameBefore(tokens: readonly SqlToken[], index: number): string | undefined {
  if (tokens[index]?.kind !== 'word' || tokens[index]?.text.toUpperCase() !== 'AS') return undefined
  const after = tokens[index + 1]?.text.toUpperCase() === 'MATERIALIZED' ? index + 2 : index + 1
  if (tokens[after]?.text !== '(') return undefined
  let at = index - 1
  if (tokens[at]?.text === ')') {
    for (let depth = 0; at >= 0; at -= 1) {
      if (tokens[at]?.text === ')') depth += 1
      if (tokens[at]?.text === '(' && (depth -= 1) === 0) break
    }
    at -= 1
  }
  const token = tokens[at]
  return isName(token) ? plainName(token) : undefined
}
