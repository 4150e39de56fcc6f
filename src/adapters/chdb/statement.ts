/**
 * Turns a statement as ClickHouse's HTTP protocol takes it into one that the embedded engine can
 * run: answers and insert data go through named pipes, since the binding itself would hold whole
 * answers in memory, cut them into separate documents, and silently ignore data of `input()`.
 */
import { sqlString, sqlTokens, type SqlToken } from '#core/sql-text'

export interface Statement {
  /** `about`: a short answer about the engine itself. It gets no pipe clause, because EXPLAIN would read that as part of its query. */
  readonly kind: 'answer' | 'about' | 'insert' | 'plain'
  /** Without its `FORMAT` clause. */
  readonly sql: string
  /** What stood behind that clause: `SETTINGS …`. */
  readonly rest: string
  /** Of the answer or of the insert's data. */
  readonly format: string | undefined
  /** An INSERT, whose written rows are counted. */
  readonly writes: boolean
  readonly tokens: readonly SqlToken[]
}

export class StatementRefused extends Error {
  override readonly name = 'StatementRefused'
}

const answering = new Set(['SELECT', 'WITH', 'FROM', 'VALUES', '('])
const describing = new Set(['SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'CHECK'])

export function readStatement(text: string, hasData: boolean): Statement {
  const tokens = sqlTokens(text)
  const first = tokens[0]
  if (first === undefined) throw new StatementRefused('Empty query')
  const verb = first.text.toUpperCase()
  const kind = hasData ? 'insert' : answering.has(verb) ? 'answer' : describing.has(verb) ? 'about' : 'plain'
  const writes = verb === 'INSERT'
  if (kind === 'plain' && writes) return { kind, sql: text, rest: '', format: undefined, writes, tokens }

  const last = withoutSemicolon(tokens)
  const sql = text.slice(0, last.at(-1)?.end)
  const formatAt = kind === 'plain' ? undefined : formatClause(last)
  const word = last[formatAt ?? -1]
  const name = last[(formatAt ?? -2) + 1]
  if (!word || !name) return { kind, sql, rest: '', format: undefined, writes, tokens: last }
  return {
    kind,
    sql: sql.slice(0, word.start),
    rest: sql.slice(name.end),
    format: name.text,
    writes,
    tokens: last.slice(0, formatAt),
  }
}

/** One statement only, as over HTTP: nothing may follow a semicolon. */
function withoutSemicolon(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const index = tokens.findIndex((token) => token.kind === 'sign' && token.text === ';')
  if (index < 0) return tokens
  if (tokens.slice(index).some((token) => token.text !== ';')) {
    throw new StatementRefused('Syntax error (Multi-statements are not allowed)')
  }
  return tokens.slice(0, index)
}

/** The place of the statement's own `FORMAT x`: at its end, or before a closing `SETTINGS` clause. */
function formatClause(tokens: readonly SqlToken[]): number | undefined {
  let depth = 0
  for (let index = tokens.length - 1; index >= 0; index -= 1) {
    const text = tokens[index]?.text
    if (text === ')') depth += 1
    if (text === '(') depth -= 1
    if (depth !== 0 || tokens[index]?.kind !== 'word' || text?.toUpperCase() !== 'FORMAT') continue
    const next = tokens[index + 1]
    const after = tokens[index + 2]
    if (next?.kind === 'word' && (after === undefined || after.text.toUpperCase() === 'SETTINGS')) return index
  }
  return undefined
}

/** The same statement writing its answer into a pipe. */
export function answerInto(statement: Statement, pipe: string, format: string): string {
  return `${statement.sql}\n INTO OUTFILE ${sqlString(pipe)} APPEND FORMAT ${format} ${statement.rest}`
}

/** The same insert reading its data from a file: `input(…)` becomes a reader of it. */
export function insertFrom(statement: Statement, file: string, format: string): string {
  const { sql, tokens } = statement
  const input = tokens.findIndex(
    (token, index) => token.kind === 'word' && token.text.toLowerCase() === 'input' && tokens[index + 1]?.text === '(',
  )
  const name = tokens[input]
  const bracket = tokens[input + 1]
  if (name && bracket) {
    return `${sql.slice(0, name.start)}file(${sqlString(file)}, ${sqlString(format)}, ${sql.slice(bracket.end)} ${statement.rest}`
  }
  const values = tokens.at(-1)
  const bare = values?.kind === 'word' && values.text.toUpperCase() === 'VALUES' ? sql.slice(0, values.start) : sql
  const settings = tokens.find(
    (token, index) =>
      token.kind === 'word' &&
      token.text.toUpperCase() === 'SETTINGS' &&
      tokens[index + 1]?.kind === 'word' &&
      tokens[index + 2]?.text === '=',
  )
  const at = settings?.start ?? bare.length
  return `${bare.slice(0, at)} FROM INFILE ${sqlString(file)} ${bare.slice(at)} FORMAT ${format} ${statement.rest}`
}
