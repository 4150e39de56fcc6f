/**
 * Gives a statement's tables what stands for them behind `FROM`, by a `WITH` in front that the statement's own names
 * shadow as usual. Run it where the current database has no tables: then a name that is not bound is an error.
 */
import { quoteName } from '#core/dataset'
import type { ReadStatement } from './read-statement.ts'
import { writtenNames } from './written-names.ts'

export function bindTables(
  { sql, tokens }: Pick<ReadStatement, 'sql' | 'tokens'>,
  places: ReadonlyMap<string, string>,
): string {
  if (places.size === 0) return sql
  const bound = [...places].map(([name, from]) => `${quoteName(name)} AS (SELECT * FROM ${from})`).join(', ')
  const { own } = writtenNames(tokens)
  const first = tokens[0]
  const clash = [...places.keys()].some((name) => own.has(name))
  const verb = first?.kind === 'word' ? first.text.toUpperCase() : ''
  if (!clash && verb === 'SELECT') return `WITH ${bound} ${sql}`
  if (!clash && first && verb === 'WITH') {
    const start = tokens[1]?.text.toUpperCase() === 'RECURSIVE' ? (tokens[1]?.end ?? first.end) : first.end
    return `${sql.slice(0, start)} ${bound},${sql.slice(start)}`
  }
  return `WITH ${bound} SELECT * FROM (${sql})`
}
