/** The rows of a text file as SQL: each cell by the type of its column, and where cells do not fit. */
import { isJsonSql, jsonMemberSql, jsonTextSql, literal, quoteName, raw, sql, text } from '#sdk'
import type { EngineColumn, EngineSettings, Sql } from '#sdk'
import { cellName, checkedValue, valueName } from './checked-values.ts'

const table = 'millrace_file'
const record = 'millrace_record'

export interface TextRows {
  /** Fails at a cell that does not fit. */
  readonly from: Sql
  /** Without the rows that have such a cell. */
  readonly fitting: Sql
  /** The first `limit` rows that have one: its number, the column's index and the cell, and the row as text; and whether there are more. */
  readonly misfits: (limit: number) => Sql
  /** The file, for questions that need no cell. */
  readonly file: Sql
  /** What the engine needs for these statements. */
  readonly settings: EngineSettings
}

export interface Misfit {
  /** From 1, of the rows that could be read. */
  readonly row: string
  readonly column: string
  /** One character more than is shown, where it is longer. */
  readonly cell: string
  readonly line: string
  /** Whether the line has only the beginning of the row; the cells are left out then. */
  readonly long: boolean | number
  /** Of all columns. */
  readonly cells: readonly string[]
  readonly more: boolean | number
}

export const maxCellShown = 200
/** In characters. Quarantine keeps no more of a row. */
const maxRowLength = 2 ** 20

export const isLongSql = (row: string): string => `lengthUTF8(${row}) > ${maxRowLength}`
export const beginningSql = (row: string): string => `substringUTF8(${row}, 1, ${maxRowLength})`

/** How a row is written in its file: values with a delimiter between them, or a JSON record. */
export type Line = { readonly delimiter: string } | 'record'

export interface TextFile {
  /** As the engine finds it. */
  readonly path: string
  readonly format: string
  readonly columns: readonly EngineColumn[]
  /** Columns whose types the settings give; the others are inferred. */
  readonly declared: ReadonlySet<string>
  readonly line: Line
}

export function textRows({ path, format, columns, declared, line }: TextFile): TextRows {
  const checked = columns.map((column, index) => checkedValue(column, index, declared.has(column.name)))
  const records = sql`file(${text(path)}, ${text('JSONAsString')}, ${text(`${record} String`)})`
  // The engine's reader of JSON lines cannot tell `1` from `"1"` in a column of text, so values of json columns are
  // read from the whole records, which are read a second time. Both readings keep the order of the file.
  const besideRecords = line === 'record' && columns.some(({ holds }) => holds === 'json')
  const ofRecord = ({ holds }: EngineColumn): boolean => besideRecords && holds === 'json'
  const structure = columns.flatMap((column, index) =>
    ofRecord(column) ? [] : [`${quoteName(column.name)} ${checked[index] === undefined ? column.type : 'String'}`],
  )
  const file =
    structure.length === 0 ? records : sql`file(${text(path)}, ${text(format)}, ${text(structure.join(', '))})`
  const read = columns.map((column, index) => {
    if (ofRecord(column)) return `${recordMember(column.name)} AS ${cellName(index)}`
    const cell = `${table}.${quoteName(column.name)} AS ${cellName(index)}`
    const value = checked[index]?.value
    return value === undefined ? cell : `${cell}, ${value} AS ${valueName(index)}`
  })
  const beside = (rows: Sql): Sql => sql`${rows} PASTE JOIN (SELECT * FROM ${records}) AS records`
  if (besideRecords) read.push(`records.${record} AS ${record}`)
  const typed = sql`${besideRecords ? sql`(SELECT * FROM ${file})` : file} AS ${raw(table)}`
  const from = structure.length === 0 ? sql`${records} AS records` : besideRecords ? beside(typed) : typed
  const cells = sql`(SELECT ${raw(read.join(', '))} FROM ${from})`
  const named = (values: readonly string[]): Sql =>
    raw(values.map((value, index) => `${value} AS ${quoteName(columns[index]?.name ?? '')}`).join(', '))
  const values = columns.map((column, index) =>
    checked[index] === undefined ? plainValue(column, index, ofRecord(column)) : valueName(index),
  )
  const faults = checked.flatMap((each, index) => (each === undefined ? [] : [{ fault: each.fault, index }]))
  const strict = values.map((value, index) => {
    const fault = checked[index]?.fault
    // Not `if`, which would copy the values.
    return fault === undefined ? value : `(${value}, throwIf(${fault}, 'millrace|cell|${index}')).1`
  })
  const firstFault =
    faults.length === 0 ? '0' : `multiIf(${faults.map(({ fault, index }) => `${fault}, ${index + 1}, `).join('')}0)`
  return {
    file,
    settings: { statement: 'wide', ...(besideRecords ? { order: 'kept' } : {}) },
    from: sql`(SELECT ${named(strict)} FROM ${cells})`,
    fitting: sql`(SELECT ${named(values)} FROM ${cells} WHERE ${raw(firstFault)} = 0)`,
    misfits: (limit) => {
      const texts = columns.map((_, index) => `ifNull(toString(${cellName(index)}), '')`).join(', ')
      const [written, rows] =
        line === 'record'
          ? [record, besideRecords ? cells : sql`(SELECT * FROM ${beside(cells)})`]
          : [
              `arrayStringConcat(arrayMap(cell -> ${csvText('cell', line.delimiter)}, texts), ${literal(line.delimiter)})`,
              cells,
            ]
      const cell = `substringUTF8(texts[fault], 1, ${maxCellShown + 1})`
      return sql`SELECT toString(number) AS row, toString(fault - 1) AS column, ${raw(cell)} AS cell, ${raw(isLongSql('written'))} AS long, if(long, [], texts) AS cells, ${raw(beginningSql('written'))} AS line, count() OVER () > ${raw(String(limit))} AS more FROM (SELECT number, fault, texts, written FROM (SELECT rowNumberInAllBlocks() + 1 AS number, ${raw(firstFault)} AS fault, [${raw(texts)}] AS texts, ${raw(written)} AS written FROM ${rows}) WHERE fault > 0 LIMIT ${raw(String(limit + 1))}) ORDER BY number LIMIT ${raw(String(limit))}`
    },
  }
}

/** The index of the column whose cell made a statement fail. */
export function readMisfit(message: string): number | undefined {
  const index = /millrace\|cell\|(\d+)/.exec(message)?.[1]
  return index === undefined ? undefined : Number(index)
}

/** Cells of columns that are declared to hold JSON are JSON text; members of records are so already. */
function plainValue({ holds }: EngineColumn, index: number, ofRecord: boolean): string {
  return holds === 'json' && !ofRecord ? jsonTextSql(cellName(index)) : cellName(index)
}

/** The JSON text of a member of the record that a row is read from. */
function recordMember(name: string): string {
  const valid = `assumeNotNull(if(throwIf(NOT ${isJsonSql(`records.${record}`)}, 'millrace|record') = 0, records.${record}, NULL))`
  return jsonMemberSql(valid, literal(name).slice(1, -1))
}

function csvText(cell: string, delimiter: string): string {
  const special = `position(${cell}, ${literal(delimiter)}) > 0 OR match(${cell}, '["\\n\\r]')`
  return `if(${special}, concat('"', replaceAll(${cell}, '"', '""'), '"'), ${cell})`
}
