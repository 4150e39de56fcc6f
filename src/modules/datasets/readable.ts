/** The only SQL allowed behind `FROM` for the rows of a dataset. SPEC.md has the rules. */
import { quoteName, type Column } from '#core/dataset'
import { columnsOf, compileExpression, scopeOf, type Scope } from '#core/expression'
import type { PositionSql } from '#ports/log'
import type { Dataset, ReadableRows } from './index.ts'
import { maskColumn } from './masks.ts'
import { tableName } from './places.ts'
import { isRestricted, type Reader } from './reader.ts'
import { anyOf } from './row-filter.ts'

export interface ReadableParts {
  /** Makes sure that the workspace has a key for hashes, and returns SQL that reads it. */
  readonly maskKey: (workspace: string) => Promise<string>
  readonly positions: PositionSql
}

export async function readableRows(
  dataset: Dataset,
  reader: Reader,
  { maskKey, positions }: ReadableParts,
): Promise<ReadableRows> {
  if (reader.workspace !== dataset.workspace)
    throw new Error(`A reader of the workspace "${reader.workspace}" reads no rows of "${dataset.workspace}".`)
  const final = dataset.kind === 'table' ? ' FINAL' : ''
  if (!isRestricted(reader, dataset.name))
    return { dataset, from: `${tableName(dataset)}${final}`, restricted: false, masked: new Set() }

  const masks = reader.masks.get(dataset.name) ?? new Map()
  const key = [...masks.values()].includes('hash') ? await maskKey(dataset.workspace) : ''
  const columns = dataset.columns.map((column) => {
    const how = masks.get(column.name)
    const stored = storedColumn(column.name)
    return how === undefined ? { sql: stored, column } : maskColumn(column, how, stored, key)
  })
  const added = addedNames(dataset, positions).map((name) => ({ name, sql: storedColumn(name) }))
  const selected = [...columns.map(({ sql, column }) => ({ name: column.name, sql })), ...added]
    .map(({ name, sql }) => `${sql} AS ${quoteName(name)}`)
    .join(', ')
  const filters = reader.rowFilters.get(dataset.name)
  const scope = storedScope(dataset, positions)
  const expression = filters && anyOf(filters, scope)
  const where = expression === undefined ? '' : ` WHERE ifNull(${compileExpression(expression, scope).sql}, 0)`
  return {
    dataset: { ...dataset, columns: columns.map(({ column }) => column) },
    from: `(SELECT ${selected} FROM ${tableName(dataset)} AS stored${final}${where})`,
    restricted: true,
    ...(expression && { rowFilter: { expression, columns: columnsOf(expression) } }),
    masked: new Set(dataset.columns.flatMap(({ name }) => (masks.has(name) ? [name] : []))),
  }
}

/** What Millrace adds to the rows of `events`, as expressions see it. */
export function addedColumns(
  { kind }: Pick<Dataset, 'kind'>,
  { row: { name, columnType } }: PositionSql,
): Pick<Column, 'name' | 'type' | 'nullable'>[] {
  if (kind === 'table') return []
  return [
    ...(columnType === undefined ? [] : [{ name, type: columnType, nullable: false }]),
    { name: '_ingested_at', type: 'timestamp', nullable: false },
  ]
}

export function addedNames({ kind }: Pick<Dataset, 'kind'>, { row }: PositionSql): readonly string[] {
  return kind === 'table' ? [] : [row.name, '_ingested_at']
}

/** Qualified, since a bare name would be taken for the masked column of the same name. */
function storedColumn(name: string): string {
  return `stored.${quoteName(name)}`
}

function storedScope(dataset: Dataset, positions: PositionSql): Scope {
  const { columns } = scopeOf([...dataset.columns, ...addedColumns(dataset, positions)])
  return { columns: new Map([...columns].map(([name, column]) => [name, { ...column, sql: storedColumn(name) }])) }
}
