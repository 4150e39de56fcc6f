import { stat } from 'node:fs/promises'
import { bound, columnTypeOf, engineType, literal, quoteName, raw, sql, text } from '#sdk'
import type { ColumnType, EngineColumn, EngineReading, EngineSettings, SourceStream, Surroundings } from '#sdk'
import { fileErrors } from './errors.ts'
import { engineFormat, enginePath, formatOf, readingSettings } from './formats.ts'
import type { EngineFormat, Format } from './formats.ts'
import { tolerantReading } from './rejected-rows.ts'
import { columnsBesideJson, readBesideRecords, textsAsJson } from './json-columns.ts'

export interface FileSource {
  readonly path: string
  readonly format?: Format | undefined
  readonly header: boolean
  readonly delimiter?: string | undefined
  readonly columns?: Readonly<Record<string, ColumnType>> | undefined
}

export async function read(settings: FileSource, around: Surroundings): Promise<EngineReading> {
  if (!around.engine.localFiles) throw fileErrors.remote({})
  const paths = await around.files.match(settings.path)
  const format = formatOf(paths[0] ?? settings.path, settings.format)
  const path = enginePath(paths)
  const named = engineFormat(format, settings.header, settings.delimiter)
  const engineSettings = { ...readingSettings(format), ...named.settings }
  const explain = (message: string) => explainReading(message, settings.path)
  let inferred: readonly EngineColumn[]
  try {
    inferred = await around.engine.describe(sql`file(${text(path)}, ${text(named.name)})`, engineSettings)
  } catch (error) {
    const others =
      named.name === 'JSONEachRow'
        ? await columnsBesideJson(settings.columns, path, around)
        : await describeCsv(path, named, { ...settings, engineSettings, message: String(error) }, around)
    if (others === undefined) {
      const failure = explain(error instanceof Error ? error.message : String(error)) ?? error
      if (await areEmpty(paths, format, around)) return { by: 'engine', from: raw('null'), columns: [] }
      throw failure
    }
    inferred = others
  }
  const columns = declared(inferred, settings, format)
  const reading = { by: 'engine', columns, explain } as const
  if (named.name === 'JSONEachRow' && columns.some(({ holds }) => holds === 'json'))
    return { ...reading, ...readBesideRecords(path, columns), settings: { ...engineSettings, order: 'kept' } }
  const structure = columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', ')
  const file = sql`file(${text(path)}, ${text(named.name)}, ${text(structure)})`
  const count = sql`SELECT count() AS rows FROM ${file}`
  return {
    ...reading,
    from: textsAsJson(file, columns),
    count,
    settings: engineSettings,
    // The engine finds the next row after a broken one only in its CSV formats, not with tabs between values.
    ...(named.name.startsWith('CSV') ? { tolerant: tolerantReading(around, explain) } : {}),
  }
}

export async function check(settings: FileSource, around: Surroundings): Promise<string> {
  const { columns } = await read(settings, around)
  const names = columns.map((column) => column.name).slice(0, 20)
  return `${settings.path} has ${columns.length} columns: ${names.join(', ')}.`
}

export async function streams(_connection: unknown, around: Surroundings): Promise<readonly SourceStream[]> {
  const found = await around.files.list()
  return found.map((name) => ({ name, config: { path: name }, primaryKey: [], cursors: [], modes: ['full'] }))
}

/** Files of no bytes, or compressed ones of no text, which show no columns either. */
async function areEmpty(paths: readonly string[], format: Format, around: Surroundings): Promise<boolean> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
  if (sizes.every((size) => size === 0)) return true
  if (format === 'parquet') return false
  const lines = sql`file(${text(enginePath(paths))}, ${text('LineAsString')}, ${text('line String')})`
  const maxLines = bound(2 * paths.length + 1, 'UInt64')
  const written = await around.engine
    .rows<{ line: string }>(sql`SELECT trim(line) AS line FROM ${lines} WHERE line != '' LIMIT ${maxLines}`)
    .catch(() => [{ line: 'unreadable' }])
  const all = written.map(({ line }) => line).join('')
  // A lone bracket is a file that was cut off.
  return format === 'json' || format === 'ndjson' ? /^(\[\s*\])*$/.test(all) : all === ''
}

/** Columns of a CSV file whose rows have different numbers of values, or that holds nothing but its header. */
async function describeCsv(
  path: string,
  { name, settings: own }: EngineFormat,
  given: { header: boolean; engineSettings: EngineSettings; message: string },
  around: Surroundings,
): Promise<readonly EngineColumn[] | undefined> {
  const { header, engineSettings, message } = given
  if (/different amount of values|Cannot parse input: expected/.test(message))
    return await around.engine.describe(sql`file(${text(path)}, ${text(name)})`, {
      ...engineSettings,
      raggedRows: 'allowed',
    })
  if (!header || !/Cannot read rows from the data/.test(message)) return undefined
  const bare = sql`file(${text(path)}, ${text(name.replace('WithNames', ''))})`
  const [names] = await around.engine.rows<Record<string, string>>(sql`SELECT * FROM ${bare} LIMIT 1`, {
    ...engineSettings,
    ...own,
    fileValues: 'csv_text',
  })
  return names && Object.values(names).map((column) => ({ name: String(column), type: 'Nullable(String)' }))
}

/** The columns as the file shows them, with the types that the settings declare. */
function declared(inferred: readonly EngineColumn[], settings: FileSource, format: Format): readonly EngineColumn[] {
  const given = settings.columns ?? {}
  if ((format === 'csv' || format === 'tsv') && !settings.header && Object.keys(given).length > 0) {
    const names = Object.keys(given)
    if (names.length !== inferred.length) {
      throw fileErrors.unreadable({
        path: settings.path,
        because: `it has ${inferred.length} columns and "columns" names ${names.length}.`,
      })
    }
    return names.map((name) => declaredColumn(name, given[name] as ColumnType))
  }
  for (const name of Object.keys(given)) {
    if (!inferred.some((column) => column.name === name)) {
      const found = inferred
        .map((column) => `"${column.name}"`)
        .slice(0, 30)
        .join(', ')
      throw fileErrors.columns({ column: name, path: settings.path, found })
    }
  }
  return inferred.map(({ name, type }) => {
    const wanted = given[name]
    if (wanted !== undefined) return declaredColumn(name, wanted)
    if (format !== 'parquet' && columnTypeOf(type).type === 'json') return { name, type: 'Nullable(String)' }
    return { name, type: type.startsWith('Nullable(DateTime64') ? "Nullable(DateTime64(6, 'UTC'))" : type }
  })
}

function declaredColumn(name: string, type: ColumnType): EngineColumn {
  return { name, type: `Nullable(${engineType(type)})`, ...(type === 'json' ? { holds: type } : {}) }
}

const unreadable =
  /in file\/uri|Parquet|CANNOT_PARSE|INCORRECT_DATA|different amount of values|Duplicate column name|number of column names|Unexpected EOF while reading/

/** Says what the engine complained about in the words of the file. */
export function explainReading(message: string, path: string): Error | undefined {
  const row = /\(at row (\d+)\)/.exec(message)?.[1]
  const ragged = raggedRow(message)
  if (row !== undefined && ragged !== undefined) return fileErrors.row({ path, row, compared: ragged })
  const wrong = wrongValue(message)
  if (row !== undefined && wrong !== undefined) return fileErrors.value({ path, row, ...wrong })
  const key = /while reading the value of key (\S+?)\)?:/.exec(message)?.[1]
  if (row !== undefined && key !== undefined) {
    const value =
      /Cannot parse input: expected .*? before: '?(.{1,40})/s.exec(message)?.[1]?.split(/["\\\n,}]/)[0] ??
      'a value that does not fit'
    return fileErrors.value({ path, row, column: key, value: literal(value), type: 'another type' })
  }
  if (message.includes('millrace|record'))
    return fileErrors.unreadable({ path, because: 'a record is not valid JSON.' })
  if (/Cannot stat file|No such file|File .* doesn't exist|errno: 2\b|FILE_DOESNT_EXIST/.test(message))
    return fileErrors.vanished({ path })
  if (/No space left on device|errno: 28\b/.test(message)) return fileErrors.full({ path })
  if (
    /CANNOT_EXTRACT_TABLE_STRUCTURE|table structure cannot be extracted|ONLY_NULLS_WHILE_READING_SCHEMA/.test(message)
  ) {
    return /file is empty|empty file|no rows|EMPTY/i.test(message)
      ? fileErrors.empty({ path })
      : fileErrors.unreadable({ path, because: firstSentence(message) })
  }
  if (unreadable.test(message)) {
    return fileErrors.unreadable({
      path,
      because: `${row === undefined ? '' : `at row ${row}: `}${firstSentence(message)}`,
    })
  }
  return undefined
}

/** The engine prints the row column by column; the complaint stands behind or below the column it is about. */
function wrongValue(message: string): { column: string; value: string; type: string } | undefined {
  const [before = '', complaint] = message.split('ERROR: ', 2)
  if (complaint === undefined) return undefined
  const column =
    [...before.matchAll(/name: (.*?),\s+type: (.*?),\s+(?:parsed text|$)/gm)].at(-1) ??
    /name: (.*?),\s+type: (.*?), $/m.exec(before)
  const value = /"(.*?)(?:<LINE FEED>|<CARRIAGE RETURN>|<TAB>|[,;|]|")/s.exec(complaint)?.[1]
  if (column === null || column === undefined || value === undefined) return undefined
  return { column: (column[1] ?? '').trim(), value: `"${value.slice(0, 80)}"`, type: said(column[2] ?? '') }
}

function raggedRow(message: string): 'fewer' | 'more' | undefined {
  if (/has less columns than expected|no delimiter between fields: expected "[^"]*", got "<LINE FEED>/.test(message))
    return 'fewer'
  return /has more columns than expected|There is no line feed|expected "<LINE FEED>"/.test(message)
    ? 'more'
    : undefined
}

function said(type: string): string {
  return columnTypeOf(type.trim()).type
}

function firstSentence(message: string): string {
  return message
    .replace(/^.*?DB::\w*Exception: /s, '')
    .split(/\n|: \(in file|: While executing/)[0]!
    .slice(0, 300)
}
