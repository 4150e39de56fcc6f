/** Reads what ClickHouse says in the text of an error: its numbers do not tell row, column and value. */
import type { EngineFailure, ReadingFailure, UnreadableBecause } from '#core/engine-failure'

export function readFailure(message: string, row = rowIn(message)): EngineFailure {
  const reading = readingFailure(message, row)
  return { message, reason: firstSentence(message), ...(reading && { reading }) }
}

function rowIn(message: string): string | undefined {
  return /\(at row (\d+)\)/.exec(message)?.[1]
}

function readingFailure(message: string, row: string | undefined): ReadingFailure | undefined {
  if (noRowText.test(message)) return { kind: 'no_row_text' }
  const otherKind = valueOfOtherKind(message)
  if (otherKind !== undefined) return otherKind
  if (row !== undefined) {
    const compared = comparedLength(message)
    if (compared !== undefined) return { kind: 'row_length', row, compared }
    const value = wrongValue(message)
    if (value !== undefined) return { kind: 'value', row, ...value }
  }
  if (/Cannot stat file|No such file|File .* doesn't exist|errno: 2\b|FILE_DOESNT_EXIST/.test(message))
    return { kind: 'missing' }
  if (/No space left on device|errno: 28\b/.test(message)) return { kind: 'disk_full' }
  const because = unreadableBecause(message)
  const noColumns = /CANNOT_EXTRACT_TABLE_STRUCTURE|table structure cannot be extracted|ONLY_NULLS_WHILE_READING_SCHEMA/
  if (noColumns.test(message) && /file is empty|empty file|no rows|EMPTY/i.test(message)) return { kind: 'empty' }
  if (because === undefined && !noColumns.test(message) && !unreadable.test(message)) return undefined
  return { kind: 'unreadable', ...(row !== undefined && { row }), ...(because && { because }) }
}

/** What the engine writes where the row is no longer in its buffer. */
const noRowText = /^(?:Buffer has gone, cannot extract information|Could not collect raw data because two last rows)/

const unreadable =
  /in file\/uri|Parquet|CANNOT_PARSE|INCORRECT_DATA|different amount of values|Duplicate column name|number of column names|Unexpected EOF while reading/

const decompression =
  /inflate failed|ZSTD stream decod|lzma_stream_decoder|LZ4 decompression|bzip2|brotli|Unsupported compression method/i

function unreadableBecause(message: string): UnreadableBecause | undefined {
  if (decompression.test(firstSentence(message))) return 'compression'
  // With a row, the engine says this of a row that has too many values.
  if (/^Expected end of line\.?$/.test(firstSentence(message))) return 'quotes'
  if (/different amount of values|Cannot parse input: expected/.test(message)) return 'row_lengths'
  return /Cannot read rows from the data/.test(message) ? 'no_rows' : undefined
}

/** A value that the engine cannot give one type with those before it. It counts such rows from 0. */
function valueOfOtherKind(message: string): ReadingFailure | undefined {
  const start = message.indexOf('Automatically defined type ')
  if (start === -1) return undefined
  const said = / for column '(.+)' in row (\d+) differs from type defined by previous rows: (.+?)\. You can/s
  // The engine's text can hold data of any length, and the expression is not linear.
  const [, column, row, type] = said.exec(message.slice(start, start + 2_000)) ?? []
  if (column === undefined || type === undefined) return undefined
  return { kind: 'value', row: String(Number(row) + 1), column, type }
}

function comparedLength(message: string): 'fewer' | 'more' | undefined {
  if (/has less columns than expected|no delimiter between fields: expected "[^"]*", got "<LINE FEED>/.test(message))
    return 'fewer'
  // Of the last row of a file, which no line feed ends; readers of JSON do not speak of the buffer.
  if (/expected '[^']+' at end of stream.*Buffer has gone/s.test(message)) return 'fewer'
  return /has more columns than expected|There is no line feed|expected "<LINE FEED>"/.test(message)
    ? 'more'
    : undefined
}

function wrongValue(message: string): { column: string; value?: string; type?: string } | undefined {
  const beside = valueInRow(message)
  if (beside !== undefined) return beside
  const column = /while reading the value of key (\S+?)\)?:/.exec(message)?.[1]
  if (column === undefined) return undefined
  const value = /Cannot parse input: expected .*? before: '?(.{1,40})/s.exec(message)?.[1]?.split(/["\\\n,}]/)[0]
  return { column, ...(value !== undefined && { value }) }
}

/** The engine prints the row column by column; the complaint is behind or below the column it is about. */
function valueInRow(message: string): { column: string; value?: string; type: string } | undefined {
  const [before = '', complaint] = message.split(/ERROR(?:: |\n(?=Code: ))/, 2)
  if (complaint === undefined) return undefined
  const column =
    [...before.matchAll(/name: (.*?),\s+type: (.*?),\s+(?:parsed text|$)/gm)].at(-1) ??
    /name: (.*?),\s+type: (.*?), $/m.exec(before)
  if (column === null || column === undefined) return undefined
  const named = { column: (column[1] ?? '').trim(), type: (column[2] ?? '').trim() }
  const parsed = /parsed text: "([^"<]*)"\s*$/.exec(before)?.[1]
  // Of numbers and dates the engine prints only what it could read, which may be nothing.
  if (complaint.startsWith('Code: ')) {
    const value = /here: '([^,;|\t\r\n\\']+)/.exec(complaint)?.[1] ?? parsed
    return { ...named, ...(value !== undefined && { value: value.slice(0, 80) }) }
  }
  const found = /"(.*?)(?:<LINE FEED>|<CARRIAGE RETURN>|<TAB>|[,;|]|")/s.exec(complaint)?.[1]
  if (found === undefined) return undefined
  const value = complaint.startsWith('garbage after') ? `${parsed ?? ''}${found}` : found
  return { ...named, value: value.slice(0, 80) }
}

function firstSentence(message: string): string {
  return message
    .replace(/^.*?DB::\w*Exception: /s, '')
    .replace(/(?<=.)(: )?(In scope|[Ww]hile executing|While processing|While reading from:) .*$/s, '')
    .replaceAll(/\b__table\d+\./g, '')
    .replaceAll(/\bws_\w+\./g, '')
    .replace(/\s*\(version .*?\)\s*/g, ' ')
    .split(/\n|: \(in file/)[0]!
    .slice(0, 600)
    .trim()
}
