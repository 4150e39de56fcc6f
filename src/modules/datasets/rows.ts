/** A page of a dataset's rows, in the order of position or key. */
import { checkExpression, compileExpression, placedUnder, scopeOf } from '#core/expression'
import { engineType, quoteName } from '#core/dataset'
import type { Problem } from '#core/errors'
import { readFilter } from '#core/filter'
import { withJsonValues } from '#core/json-text'
import type { EngineSettings } from '#core/engine-settings'
import type { Ports } from '#kernel/module'
import type { PositionSql } from '#ports/log'
import { datasetErrors } from './errors.ts'
import type { Dataset, ReadableRows } from './index.ts'
import { addedColumns, addedNames } from './readable.ts'
import { offsetCursors, cursorParameter, rowCursors, type OrderColumn } from './row-cursors.ts'

export type JsonRow = Readonly<Record<string, unknown>>

export interface RowsQuestion {
  readonly limit: number
  readonly cursor: string | undefined
  /** In either form of a filter. */
  readonly filter: unknown
  readonly order: 'asc' | 'desc'
  /** A column; position or key otherwise. */
  readonly sort?: string | undefined
  readonly signal?: AbortSignal
}

export async function datasetRows(
  { warehouse, log }: Pick<Ports, 'warehouse' | 'log'>,
  { dataset, from, masked }: ReadableRows,
  question: RowsQuestion,
): Promise<{ items: readonly JsonRow[]; next: string | null }> {
  const positions = log.positions.sql
  const sort = sortOf(dataset, question.sort, positions)
  const key = keyOf(dataset, masked, positions)
  const shown = [...dataset.columns.map((column) => column.name), ...addedNames(dataset, positions)]
  // Rows that are equal in all that is shown may come in any order.
  const order = key ?? shown.map((name) => ({ name, type: '' }))
  const name = `datasets.rows:${dataset.name}:${question.order}:${question.sort ?? ''}`
  const offsets = offsetCursors(name)
  const places = rowCursors(name, { sort, key: key ?? [] })
  const skipped = key === undefined ? (offsets.read(question.cursor) ?? 0) : 0
  const conditions = [
    filterSql(dataset, question.filter, positions),
    ...(key === undefined ? [] : after(sort, key, places.read(question.cursor), question.order)),
  ].filter((condition) => condition !== undefined)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => `(${sql})`).join(' AND ')}`
  const found = await warehouse.rows<Record<string, unknown>>(
    `SELECT ${shown.map(quoteName).join(', ')} FROM ${from} ` +
      `${where} ORDER BY ${orderSql(sort, order, question.order)} LIMIT ${question.limit + 1} OFFSET ${skipped}`,
    {
      lane: 'query',
      settings: rowSettings,
      limits: { seconds: 30, rows: question.limit + 1 },
      parameters: Object.assign({}, ...conditions.map(({ parameters }) => parameters)) as Record<string, unknown>,
      ...(question.signal === undefined ? {} : { signal: question.signal }),
    },
  )
  const json = dataset.columns.filter((column) => column.type === 'json').map((column) => column.name)
  const items = found.slice(0, question.limit).map((row) => withJsonValues(row, json))
  const last = found.at(question.limit - 1)
  if (found.length <= question.limit || last === undefined) return { items, next: null }
  return {
    items,
    next:
      key === undefined
        ? offsets.write(skipped + question.limit)
        : places.write([...(sort ? [sort] : []), ...key].map((column) => (last[column.name] ?? null) as null)),
  }
}

/** How rows look in JSON everywhere: RFC 3339 times, 64-bit integers and decimals as strings, all digits of a decimal. */
export const rowSettings = {
  times: 'rfc3339',
  exactNumbers: 'text',
  decimalDigits: 'all',
} as const satisfies EngineSettings

function filterSql(
  dataset: Dataset,
  filter: unknown,
  positions: PositionSql,
): { sql: string; parameters: Record<string, unknown> } | undefined {
  if (filter === undefined) return undefined
  const read = readFilter(filter)
  const refused = (problems: readonly Problem[]) =>
    datasetErrors.bad_filter({ name: dataset.name }, { problems: placedUnder('query.filter', problems) })
  if ('problems' in read) throw refused(read.problems)
  const scope = scopeOf([...dataset.columns, ...addedColumns(dataset, positions)])
  const { problems } = checkExpression(read.expression, scope, { expect: 'condition' })
  if (problems.length > 0) throw refused(problems)
  return { sql: `ifNull(${compileExpression(read.expression, scope).sql}, 0)`, parameters: {} }
}

/** `undefined` where a column of the key is masked, so that it does not tell rows apart. */
function keyOf(
  dataset: Dataset,
  masked: ReadonlySet<string>,
  { row }: PositionSql,
): readonly OrderColumn[] | undefined {
  if (dataset.kind === 'events') return [row]
  const key = dataset.key ?? []
  if (key.some((name) => masked.has(name))) return undefined
  return key.map((name) => {
    const column = dataset.columns.find((candidate) => candidate.name === name)
    return { name, type: column === undefined ? 'String' : engineType(column.type) }
  })
}

function sortOf(dataset: Dataset, name: string | undefined, positions: PositionSql): OrderColumn | undefined {
  if (name === undefined) return undefined
  if (dataset.kind === 'events' && name === positions.row.name) return positions.row
  const column = [...dataset.columns, ...addedColumns(dataset, positions)].find((candidate) => candidate.name === name)
  if (column === undefined) throw datasetErrors.bad_sort({ name: dataset.name, column: name })
  return { name, type: engineType(column.type) }
}

/** Rows of one value of the sort column follow each other by position or key. */
function orderSql(sort: OrderColumn | undefined, order: readonly OrderColumn[], direction: 'asc' | 'desc'): string {
  const columns = (sort ? [sort, ...order] : order).map((column) => `${quoteName(column.name)} ${direction}`)
  return [...(sort ? [`isNull(${quoteName(sort.name)})`] : []), ...columns].join(', ')
}

function after(
  sort: OrderColumn | undefined,
  order: readonly OrderColumn[],
  values: readonly unknown[] | undefined,
  direction: 'asc' | 'desc',
): { sql: string; parameters: Record<string, unknown> }[] {
  if (values === undefined) return []
  const [first, ...rest] = values
  const places = sort ? rest : values
  const bound = (column: OrderColumn, name: string): string =>
    column.type.startsWith('DateTime64')
      ? `parseDateTime64BestEffort({${name}:String}, 6, 'UTC')`
      : `{${name}:${column.type}}`
  const names = order.map((column) => quoteName(column.name)).join(', ')
  const types = order.map((column, index) => bound(column, `after_${index}`)).join(', ')
  const beyond = direction === 'asc' ? '>' : '<'
  const further = `tuple(${names}) ${beyond} tuple(${types})`
  const parameters = Object.fromEntries(places.map((value, index) => [`after_${index}`, cursorParameter(value)]))
  if (sort === undefined) return [{ sql: further, parameters }]
  const column = quoteName(sort.name)
  if (first === null) return [{ sql: `isNull(${column}) AND ${further}`, parameters }]
  const value = bound(sort, 'after_sorted')
  return [
    {
      sql: `isNull(${column}) OR ifNull(${column} ${beyond} ${value}, 0) OR (ifNull(${column} = ${value}, 0) AND ${further})`,
      parameters: { ...parameters, after_sorted: cursorParameter(first) },
    },
  ]
}
