/** Gives a statement's tables their full names, by a `WITH` in front that the statement's own names shadow as usual. */
import { quoteName } from '#core/dataset'
import type { ReadStatement } from './read-statement.ts'
import { writtenNames } from './written-names.ts'

export interface Place {
  readonly database: string
  readonly table: string
}

export function bindTables(
  { sql, tokens }: Pick<ReadStatement, 'sql' | 'tokens'>,
  places: ReadonlyMap<string, Place>,
): string {
  if (places.size === 0) return sql
  const bound = [...places]
    .map(
      ([name, { database, table }]) =>
        `${quoteName(name)} AS (SELECT * FROM ${quoteName(database)}.${quoteName(table)})`,
    )
    .join(', ')
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
