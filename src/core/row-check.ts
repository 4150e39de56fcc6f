/**
 * What is wrong with one row, in words. It accepts and rejects the same rows as the engine's strict
 * reading; a property test holds the two against each other.
 *
 * ```ts
 * const check = rowCheck([{ name: 'price', type: 'decimal(6,2)', nullable: true, tags: [] }])
 * check(Buffer.from('{"price": 1.50}'), 1) // { line: '{"price":1.50}' }
 * check(Buffer.from('[]'), 2) // { problems: [{ at: 'rows.2', code: 'malformed', message: 'row 2: is not a JSON object' }] }
 * ```
 */
import { isUtf8 } from 'node:buffer'
import { columnRules, type Field } from './column-rules.ts'
import { ColumnName, type Column } from './dataset.ts'
import { isObject, parseExact } from './exact-json.ts'

export interface RowProblem {
  readonly at: string
  readonly code: string
  readonly message: string
}

/** The row as one line of JSON, or every problem it has. */
export type Verdict = { readonly line: string } | { readonly problems: readonly RowProblem[] }

export function rowCheck(columns: readonly Column[]): (row: Buffer, place: number) => Verdict {
  const nested = columns.some((column) => column.type === 'json')
  const byName = new Map(columns.map((column) => [column.name, { column, rule: columnRules(column.type, nested) }]))
  const required = columns.filter((column) => !column.nullable)
  return (bytes, place) => {
    const row = parsed(bytes, place)
    if ('problems' in row) return row
    const problems: RowProblem[] = []
    const add = (name: string, code: string, message: string): void =>
      void problems.push({ at: `rows.${place}.${name}`, code, message: `row ${place}: ${message}` })
    for (const [name, field] of Object.entries(row.fields)) {
      const known = byName.get(name)
      if (known === undefined) add(name, 'unknown_column', unknownColumn(name))
      else if (field !== null && !known.rule.fits(field))
        add(name, 'wrong_type', `column "${name}" needs ${known.rule.needs} and got ${shown(field)}`)
    }
    for (const { name } of required) {
      if ((row.fields[name] ?? null) === null) add(name, 'required', `column "${name}" is required`)
    }
    return problems.length > 0 ? { problems } : { line: JSON.stringify(row.fields) }
  }
}

/** A row that cannot be read at all. */
export function malformed(place: number, message: string): RowProblem {
  return { at: `rows.${place}`, code: 'malformed', message: `row ${place}: ${message}` }
}

function parsed(
  bytes: Buffer,
  place: number,
): { fields: Readonly<Record<string, Field>> } | { problems: readonly RowProblem[] } {
  const wrong = (message: string): { problems: readonly RowProblem[] } => ({ problems: [malformed(place, message)] })
  if (!isUtf8(bytes)) return wrong('is not valid UTF-8')
  let value: unknown
  try {
    value = parseExact(bytes.toString('utf8'))
  } catch (error) {
    if (error instanceof RangeError) return wrong('is nested too deeply')
    return wrong(`is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!isObject(value)) return wrong('is not a JSON object')
  return { fields: value as Record<string, Field> }
}

function shown(field: Field): string {
  const text = JSON.stringify(field)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function unknownColumn(name: string): string {
  const { error } = ColumnName.safeParse(name)
  const [issue] = error?.issues ?? []
  return issue === undefined
    ? `column "${name}" is not part of the dataset`
    : `"${name}" cannot be the name of a column: it ${issue.message}`
}
