/** The rows of a text file as SQL: each cell by the type of its column, and where cells do not fit. */
import { jsonTextSql, literal, quoteName, raw, sql, text } from '#sdk'
import type { EngineColumn, Sql } from '#sdk'
import { cellName, checkedValue, valueName } from './checked-values.ts'

const table = 'millrace_file'

export interface TextRows {
  /** Fails at a cell that does not fit. */
  readonly from: Sql
  /** Without the rows that have such a cell. */
  readonly fitting: Sql
  /** The first `limit` rows that have one: its number, the column's index and the cell, and the row as text; and whether there are more. */
  readonly misfits: (limit: number) => Sql
  /** The file, for questions that need no cell. */
  readonly file: Sql
}

export interface Misfit {
  /** From 1, of the rows that could be read. */
  readonly row: string
  readonly column: string
  readonly cell: string
  readonly line: string
  readonly more: boolean | number
}

/** How a row is written in its file: values with a delimiter between them, or a JSON record. */
export type Line = { readonly delimiter: string } | 'record'

export function textRows(path: string, format: string, columns: readonly EngineColumn[], line: Line): TextRows {
  const checked = columns.map(checkedValue)
  const structure = columns
    .map(({ name, type }, index) => `${quoteName(name)} ${checked[index] === undefined ? type : 'String'}`)
    .join(', ')
  const file = sql`file(${text(path)}, ${text(format)}, ${text(structure)})`
  const read = columns.map(({ name }, index) => {
    const cell = `${table}.${quoteName(name)} AS ${cellName(index)}`
    const value = checked[index]?.value
    return value === undefined ? cell : `${cell}, ${value} AS ${valueName(index)}`
  })
  const cells = sql`(SELECT ${raw(read.join(', '))} FROM ${file} AS ${raw(table)})`
  const named = (values: readonly string[]): Sql =>
    raw(values.map((value, index) => `${value} AS ${quoteName(columns[index]?.name ?? '')}`).join(', '))
  const values = columns.map((column, index) =>
    checked[index] === undefined ? plainValue(column, index) : valueName(index),
  )
  const strict = values.map((value, index) => {
    const fault = checked[index]?.fault
    // Not `if`, which would copy the values.
    return fault === undefined ? value : `(${value}, throwIf(${fault}, 'millrace|cell|${index}')).1`
  })
  const faults = checked.flatMap((each, index) => (each === undefined ? [] : [{ fault: each.fault, index }]))
  const firstFault =
    faults.length === 0 ? '0' : `multiIf(${faults.map(({ fault, index }) => `${fault}, ${index + 1}, `).join('')}0)`
  return {
    file,
    from: sql`(SELECT ${named(strict)} FROM ${cells})`,
    fitting: sql`(SELECT ${named(values)} FROM ${cells} WHERE ${raw(firstFault)} = 0)`,
    misfits: (limit) => {
      const texts = columns.map((_, index) => `ifNull(toString(${cellName(index)}), '')`).join(', ')
      const record = sql`(SELECT _record FROM file(${text(path)}, ${text('JSONAsString')}, ${text('_record String')}))`
      const [written, rows] =
        line === 'record'
          ? ['_record', sql`(SELECT * FROM ${cells} PASTE JOIN ${record} AS records)`]
          : [
              `arrayStringConcat(arrayMap(cell -> ${csvText('cell', line.delimiter)}, texts), ${literal(line.delimiter)})`,
              cells,
            ]
      return sql`SELECT toString(number) AS row, toString(fault - 1) AS column, texts[fault] AS cell, line, count() OVER () > ${raw(String(limit))} AS more FROM (SELECT number, fault, texts, line FROM (SELECT rowNumberInAllBlocks() + 1 AS number, ${raw(firstFault)} AS fault, [${raw(texts)}] AS texts, ${raw(written)} AS line FROM ${rows}) WHERE fault > 0 LIMIT ${raw(String(limit + 1))}) ORDER BY number LIMIT ${raw(String(limit))}`
    },
  }
}

/** The index of the column whose cell made a statement fail. */
export function readMisfit(message: string): number | undefined {
  const index = /millrace\|cell\|(\d+)/.exec(message)?.[1]
  return index === undefined ? undefined : Number(index)
}

/** Cells of columns that are declared to hold JSON are JSON text. */
function plainValue({ holds }: EngineColumn, index: number): string {
  return holds === 'json' ? jsonTextSql(cellName(index)) : cellName(index)
}

function csvText(cell: string, delimiter: string): string {
  const special = `position(${cell}, ${literal(delimiter)}) > 0 OR match(${cell}, '["\\n\\r]')`
  return `if(${special}, concat('"', replaceAll(${cell}, '"', '""'), '"'), ${cell})`
}
