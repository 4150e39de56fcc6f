/** A statement as the engine itself understands it: written anew in its own words, with its tree. */
import { sqlTokens, type SqlToken } from '#core/sql-text'
import type { Warehouse } from '#ports/warehouse'
import { engineReason } from './engine-reasons.ts'
import { exploreErrors } from './errors.ts'
import { readTree, type TreeNode } from './syntax-tree.ts'

export interface ReadStatement {
  /** Without comments, on one line, quoted one way: what is inspected is what is run. */
  readonly sql: string
  readonly tokens: readonly SqlToken[]
  readonly tree: TreeNode
}

export const maxSqlLength = 100_000

const reading = { lane: 'query', settings: { parsing: 'bounded' }, limits: { seconds: 5, rows: 50_000 } } as const

export type StatementReader = (
  given: string,
  parameters: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
) => Promise<ReadStatement>

const maxKept = 200
const keptLength = 10_000

/** Reads statements, and keeps those it read last: a dashboard asks the same ones again and again. */
export function statementReader(warehouse: Warehouse): StatementReader {
  const kept = new Map<string, ReadStatement>()
  return async (given, parameters, signal) => {
    const key = JSON.stringify([given, parameters])
    const known = kept.get(key)
    kept.delete(key)
    const statement = known ?? (await readStatement(warehouse, given, parameters, signal))
    if (key.length <= keptLength) kept.set(key, statement)
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKept) break
      kept.delete(oldest)
    }
    return statement
  }
}

async function readStatement(
  warehouse: Warehouse,
  given: string,
  parameters: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<ReadStatement> {
  if (given.length > maxSqlLength)
    throw refused('too_long', `The query is ${given.length} characters long; at most ${maxSqlLength} are taken.`)
  if (given.includes('\0')) throw refused('characters', 'The query has a NUL character.')
  const options = { ...reading, ...(signal === undefined ? {} : { signal }) }
  const [written] = await warehouse
    .rows<{ sql: string }>('SELECT formatQuerySingleLine({given:String}) AS sql', { ...options, parameters: { given } })
    .catch((error: unknown) => Promise.reject(engineReason(error)))
  const sql = written?.sql ?? ''
  const tokens = sqlTokens(sql)
  const odd = tokens.find(isOdd)
  if (odd !== undefined) throw refused('characters', `${JSON.stringify(odd.text.slice(0, 40))} cannot be read here.`)
  if (tokens.some((token, index) => token.text === '{' && tokens[index + 3]?.text.toLowerCase() === 'identifier')) {
    throw refused('parameter', 'A parameter may stand for a value, not for a name.')
  }
  const clause = outerClause(tokens)
  if (clause !== undefined) throw refused('not_allowed', clause)
  const lines = await warehouse
    .rows<{ explain: string }>(`EXPLAIN AST ${sql}`, { ...options, parameters })
    .catch((error: unknown) => Promise.reject(engineReason(error)))
  const tree = readTree(lines.map((line) => line.explain))
  if (tree === undefined) throw refused('not_read', 'The query could not be read as one SELECT.')
  return { sql, tokens, tree }
}

/** These would work on what the engine tells about the statement, too, and could cut its tree short. */
function outerClause(tokens: readonly SqlToken[]): string | undefined {
  const words = tokens.map((token) =>
    token.kind === 'word' ? token.text.toUpperCase() : token.kind === 'sign' ? token.text : '',
  )
  if (words[0] === 'INSERT') return 'A query is a SELECT; nothing else is run here.'
  for (const [index, word] of words.entries()) {
    const [next, after] = [words[index + 1], words[index + 2]]
    if (word === 'SETTINGS' && next && after === '=') return 'SETTINGS are not for queries of people.'
    const ends = after === undefined || after === 'SETTINGS'
    const format =
      word === 'FORMAT' && tokens[index + 1]?.kind === 'word' && ends && !['ASC', 'DESC', 'FINAL'].includes(next ?? '')
    if (format || (word === 'INTO' && next === 'OUTFILE')) {
      return 'FORMAT and INTO OUTFILE are not allowed; say with the Accept header how the answer should come.'
    }
  }
  return undefined
}

/** The engine's own writing never has these outside a string. */
function isOdd(token: SqlToken): boolean {
  if (token.kind === 'broken' || (token.kind === 'sign' && !/^[-+*/%=<>!(),.:;?[\]{}|^@$~&]$/.test(token.text)))
    return true
  if (token.kind === 'sign') return token.text === ';'
  return token.kind === 'quoted' && /[\\\p{Cc}]/u.test(token.text)
}

export function refused(code: string, message: string): Error {
  return exploreErrors.refused({ problems: [message] }, { problems: [{ at: 'sql', code, message }] })
}
