/**
 * Rows of text files that are left out: those that the engine cannot read, which it writes down in a file of its
 * own as it reads on past them, and those with a cell that does not fit its column.
 */
import { randomUUID } from 'node:crypto'
import { stat, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMillraceError, raw as rawSql, sql, text } from '#sdk'
import type { EngineColumn, EngineSettings, RejectedRow, Surroundings, TolerantReading } from '#sdk'
import { beginningSql, isLongSql, maxCellShown } from './cells.ts'
import type { Misfit, TextRows } from './cells.ts'
import { fileErrors } from './errors.ts'
import { columnWords, rowWords } from './failure-words.ts'
import { openQuote } from './open-quotes.ts'
import { cellsOf, recordOf } from './row-record.ts'

/** With more, the run fails and quotes the first. */
export const maxRejected = 10_000
const tolerable: ReadonlySet<string> = new Set(['file.value', 'file.row'])

export interface Rejection {
  readonly around: Surroundings
  readonly columns: readonly EngineColumn[]
  /** The columns as the file has them, also those without a name, and what is between their cells; not for records of JSON. */
  readonly cells: { readonly columns: readonly EngineColumn[]; readonly delimiter: string } | undefined
  /** The rows of all files together. */
  readonly rows: TextRows
  readonly files: readonly RejectedFrom[]
  readonly settings: EngineSettings
  /** The first line has the names of the columns. */
  readonly hasHeader: boolean
  /** The engine can read on past a row that is broken: it finds the next one. */
  readonly skipsRows: boolean
  readonly explain: (error: unknown, path: string, row?: string) => Error | undefined
}

export interface RejectedFrom {
  /** As people know it. */
  readonly path: string
  /** Made when asked: a pattern may match thousands of files, and few have rows that are rejected. */
  readonly rows: () => TextRows
}

export function tolerantReading(rejection: Rejection): TolerantReading {
  const { rows, files, skipsRows, explain } = rejection
  return {
    applies: (error) => {
      const explained = isMillraceError(error) ? error : explain(error, files[0]?.path ?? '')
      return isMillraceError(explained) && tolerable.has(explained.code)
    },
    from: rows.fitting,
    settings: skipsRows ? { brokenRows: { max: maxRejected } } : {},
    rejected: async () => {
      const rejected: RejectedRow[] = []
      for (const file of files) rejected.push(...(await rejectedRows(rejection, file, maxRejected - rejected.length)))
      return rejected
    },
  }
}

interface BrokenRow {
  readonly row: string
  readonly reason: string
  readonly raw: string
  /** Whether `raw` is only the beginning of the row. */
  readonly long: boolean | number
}

/** What the engine wrote down; it makes no list where it could read every row. */
async function readBroken(list: string, { engine }: Surroundings): Promise<readonly BrokenRow[]> {
  if ((await stat(list).catch(() => undefined)) === undefined) return []
  const columns =
    'time String, database Nullable(String), relation Nullable(String), row UInt64, reason String, raw String'
  const found = await engine.rows<BrokenRow>(
    sql`SELECT toString(row) AS row, reason, ${rawSql(isLongSql('found.raw'))} AS long, ${rawSql(beginningSql('found.raw'))} AS raw FROM file(${text(list)}, ${text('CSV')}, ${text(columns)}) AS found`,
  )
  return found.filter(({ raw }) => raw.trim() !== '')
}

/**
 * Reads a file again, for the rows that cannot be read and those that have a cell that does not fit. File by file: the
 * engine's list of several read at once has only those of one.
 */
async function rejectedRows(
  { around, columns, cells, settings, hasHeader, skipsRows, explain }: Rejection,
  { path, rows }: RejectedFrom,
  max: number,
): Promise<readonly RejectedRow[]> {
  const list = join(tmpdir(), `millrace-rejected-${randomUUID()}.csv`)
  try {
    const misfits = await around.engine.rows<Misfit>(rows().misfits(Math.max(max, 1)), {
      ...settings,
      ...(skipsRows ? { brokenRows: { max: maxRejected, file: list } } : {}),
      order: 'kept',
    })
    const unread = (await readBroken(list, around)).map((row) =>
      unreadRow(row, path, { around, explain, hasHeader, cells }),
    )
    const numbers = unread.map(({ number }) => number)
    const misread = withNumbersOfFile(misfits, numbers).map((misfit) => {
      const { code, message } = misfitError(misfit, path, { columns, hasHeader })
      return {
        number: Number(misfit.row),
        code,
        reason: message,
        row: misfit.line,
        ...(cells === undefined || misfit.long ? {} : { record: recordOf(misfit.cells, columns) }),
      }
    })
    const rejected = [...unread, ...misread].toSorted((one, other) => one.number - other.number)
    if (rejected.length > max || misfits.some(({ more }) => Boolean(more)))
      throw fileErrors.too_many({ path, max: maxRejected, first: rejected[0]?.reason ?? '' })
    return rejected
  } finally {
    await rm(list, { force: true })
  }
}

function unreadRow(
  { row, reason, raw, long }: BrokenRow,
  path: string,
  { around, explain, hasHeader, cells }: Pick<Rejection, 'around' | 'explain' | 'hasHeader' | 'cells'>,
): RejectedRow {
  if (cells !== undefined) refuseContinued(raw, path, { row: rowWords(row, hasHeader), delimiter: cells.delimiter })
  const explained = explain(reason, path, row)
  const hasText = around.engine.failureOf(raw).reading?.kind !== 'no_row_text'
  return {
    number: Number(row),
    code: isMillraceError(explained) ? explained.code : 'unreadable',
    reason: explained?.message ?? `${rowWords(row, hasHeader)} of "${path}" cannot be read.`,
    row: hasText ? raw : 'The text of this row is not available.',
    ...(cells === undefined || !hasText || long
      ? {}
      : { record: recordOf(cellsOf(raw.replace(/\r?\n$/, ''), cells.delimiter), cells.columns) }),
  }
}

/**
 * The engine gives the first line of a row that it could not read, and may go on to read its next line as a row. A
 * quote there would open a value that holds the rows behind it.
 */
function refuseContinued(raw: string, path: string, { row, delimiter }: { row: string; delimiter: string }): void {
  if (openQuote(Buffer.from(raw), delimiter) === undefined) return
  const because = `${row.replace(/^Row/, 'row')} cannot be read, and a value in quotes goes on in its next line.`
  throw fileErrors.unreadable({ path, because })
}

function misfitError(
  { row, column, cell }: Misfit,
  path: string,
  { columns, hasHeader }: Pick<Rejection, 'columns' | 'hasHeader'>,
) {
  const { name, type } = columns[Number(column)] ?? { name: '', type: '' }
  const value = `"${cell.length > maxCellShown ? `${cell.slice(0, maxCellShown)}…` : cell}"`
  return fileErrors.value({
    path,
    row: rowWords(row, hasHeader),
    column: name,
    value,
    columnWords: columnWords(type),
  })
}

/** Rows that could not be read were not counted. */
function withNumbersOfFile(found: readonly Misfit[], unread: readonly number[]): readonly Misfit[] {
  const skipped = unread.toSorted((one, other) => one - other)
  let passed = 0
  return found.map((misfit) => {
    while (passed < skipped.length && (skipped[passed] ?? 0) <= Number(misfit.row) + passed) passed += 1
    return { ...misfit, row: String(Number(misfit.row) + passed) }
  })
}
