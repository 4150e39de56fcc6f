import { stat } from 'node:fs/promises'
import { bound, columnTypeOf, countText, engineType, literal, quoteName, raw, sql, text } from '#sdk'
import type {
  ColumnType,
  EngineColumn,
  EngineFailure,
  EngineReading,
  ReadingFailure,
  EngineSettings,
  ReadFrom,
  SourceStream,
  Surroundings,
  UnreadableBecause,
} from '#sdk'
import { readMisfit, textRows } from './cells.ts'
import type { Line } from './cells.ts'
import { fileErrors } from './errors.ts'
import { columnWords, rowWords } from './failure-words.ts'
import { engineFormat, enginePath, formatOf, readingSettings } from './formats.ts'
import type { EngineFormat, Format } from './formats.ts'
import { maxRejected, tolerantReading } from './rejected-rows.ts'
import { withExactNumbers } from './inferred-numbers.ts'
import { columnsBesideJson, textsAsJson } from './json-columns.ts'
import { refuseOpenQuotes, type CsvFile } from './open-quotes.ts'

export interface FileSource {
  readonly path: string
  readonly format?: Format | undefined
  readonly header: boolean
  readonly delimiter?: string | undefined
  readonly columns?: Readonly<Record<string, ColumnType>> | undefined
}

export async function read(
  settings: FileSource,
  around: Surroundings,
  { isSample = false }: ReadFrom = {},
): Promise<EngineReading> {
  if (!around.engine.localFiles) throw fileErrors.remote({})
  const paths = await around.files.match(settings.path)
  const format = formatOf(paths[0] ?? settings.path, settings.format)
  const path = enginePath(paths)
  const named = engineFormat(format, settings.header, settings.delimiter)
  const engineSettings = { ...readingSettings(format), ...named.settings }
  // The engine finds the next row after a broken one only in its CSV formats, not with tabs between values.
  const skipsRows = named.name.startsWith('CSV')
  const files = paths.map((one) => ({ path: one, shown: shownPath(one, settings.path, paths.length) }))
  // Before the engine reads anything: the rest of such a file could be a value of a column that nothing uses.
  const delimiter = settings.delimiter ?? (format === 'tsv' ? '\t' : ',')
  if (skipsRows) await refuseOpenQuotes(files, { delimiter, signal: around.signal, isSample })
  let columns: readonly EngineColumn[] = []
  const hasHeader = settings.header && (format === 'csv' || format === 'tsv')
  const explain = (failure: EngineFailure) => explainIn(failure, settings.path, { columns, hasHeader })
  let inferred: readonly EngineColumn[]
  try {
    inferred = await around.engine.describe(sql`file(${text(path)}, ${text(named.name)})`, engineSettings)
  } catch (error) {
    const failure = around.engine.failureOf(error)
    const others =
      named.name === 'JSONEachRow'
        ? ((await columnsBesideJson(settings.columns, path, around).catch((other: unknown) => {
            throw explain(around.engine.failureOf(other)) ?? other
          })) ??
          (await around.engine
            .describe(sql`file(${text(path)}, ${text(named.name)})`, { ...engineSettings, inferredNumbers: 'float' })
            .catch(() => undefined)))
        : await describeCsv(path, named, { ...settings, engineSettings, reading: failure.reading }, around)
    if (others === undefined) {
      if (await areEmpty(paths, format, around)) return { by: 'engine', from: raw('null'), columns: [] }
      throw explain(failure) ?? error
    }
    inferred = others
  }
  columns = declared(inferred, settings, format)
  const given = new Set(Object.keys(settings.columns ?? {}))
  if (format !== 'parquet')
    columns = await withExactNumbers(
      columns,
      {
        path,
        format: named.name,
        declared: given,
        settings: engineSettings,
        maxBroken: skipsRows ? maxRejected : undefined,
      },
      around,
    )
  if (format === 'parquet') {
    const structure = columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', ')
    const file = sql`file(${text(path)}, ${text(named.name)}, ${text(structure)})`
    const count = sql`SELECT count() AS rows FROM ${file}`
    return { by: 'engine', columns, explain, from: textsAsJson(file, columns), count, settings: engineSettings }
  }
  const line: Line = named.name === 'JSONEachRow' ? 'record' : { delimiter }
  const fileOrder = fileColumns(inferred, columns)
  const parts = { around, path: settings.path, files, format: named.name, line, skipsRows, hasHeader, engineSettings }
  return textReading({ ...parts, columns, given, fileOrder })
}

interface TextSource {
  readonly around: Surroundings
  /** As the settings say it. */
  readonly path: string
  readonly files: readonly CsvFile[]
  readonly format: string
  readonly line: Line
  readonly skipsRows: boolean
  readonly hasHeader: boolean
  readonly engineSettings: EngineSettings
  readonly columns: readonly EngineColumn[]
  /** Columns whose types the settings give. */
  readonly given: ReadonlySet<string>
  /** The columns in the order of the file, also those without a name. */
  readonly fileOrder: readonly EngineColumn[]
}

/** Reads columns with inferred types as `types` says. */
function textReading(source: TextSource, types: Readonly<Record<string, ColumnType>> = {}): EngineReading {
  const { around, path, files, format, line, skipsRows, hasHeader, engineSettings, given } = source
  const typed = (column: EngineColumn): EngineColumn => {
    const type = given.has(column.name) ? undefined : types[column.name]
    return type === undefined ? column : declaredColumn(column.name, type)
  }
  const columns = source.columns.map(typed)
  const declaredNames = new Set([...given, ...Object.keys(types)])
  const rowsOf = (some: readonly CsvFile[]) =>
    textRows({ path: enginePath(some.map((file) => file.path)), format, columns, declared: declaredNames, line })
  const rows = rowsOf(files)
  const settings: EngineSettings = { ...engineSettings, ...rows.settings }
  const explain = (failure: EngineFailure, shown = path) => explainIn(failure, shown, { columns, hasHeader })
  const tolerant = tolerantReading({
    around,
    columns,
    rows,
    files: files.map((file) => ({ path: file.shown, rows: () => rowsOf([file]) })),
    settings,
    skipsRows,
    hasHeader,
    cells: line === 'record' ? undefined : { columns: source.fileOrder.map(typed), delimiter: line.delimiter },
    explain: (error, shown, row) => explain(around.engine.failureOf(error, row), shown),
  })
  return {
    by: 'engine',
    columns,
    explain,
    from: rows.from,
    count: sql`SELECT count() AS rows FROM ${rows.file}`,
    settings,
    tolerant,
    inferred: {
      columns: columns.map(({ name }) => name).filter((name) => !given.has(name)),
      readAs: (others) => textReading(source, others),
    },
  }
}

export async function check(settings: FileSource, around: Surroundings): Promise<string> {
  const { columns } = await read(settings, around, { isSample: true })
  const names = columns.map((column) => column.name).slice(0, 20)
  return `${settings.path} has ${countText(columns.length, 'column')}: ${names.join(', ')}.`
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
  given: { header: boolean; engineSettings: EngineSettings; reading: ReadingFailure | undefined },
  around: Surroundings,
): Promise<readonly EngineColumn[] | undefined> {
  const { header, engineSettings, reading } = given
  const because = reading?.kind === 'unreadable' ? reading.because : undefined
  if (because === 'row_lengths')
    return await around.engine.describe(sql`file(${text(path)}, ${text(name)})`, {
      ...engineSettings,
      raggedRows: 'allowed',
    })
  if (!header || because !== 'no_rows') return undefined
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
  // A header may leave a column without a name (an index of rows often is); nothing could name such a column.
  const named = inferred.filter(({ name }) => name !== '')
  return named.map(({ name, type }) => {
    const wanted = given[name]
    if (wanted !== undefined) return declaredColumn(name, wanted)
    if (format !== 'parquet' && columnTypeOf(type).type === 'json') return { name, type: 'Nullable(String)' }
    return { name, type: keptType(type) }
  })
}

/** Those of the file in its order, also without a name; where the settings name all columns, they are those. */
function fileColumns(inferred: readonly EngineColumn[], columns: readonly EngineColumn[]): readonly EngineColumn[] {
  if (inferred.length === columns.length) return columns
  return inferred.map((column) => columns.find(({ name }) => name === column.name) ?? column)
}

/** The engine infers a date type that reaches from 1970 to 2149 only, and times with as many digits as it found. */
function keptType(type: string): string {
  if (type === 'Nullable(Date)') return 'Nullable(Date32)'
  return type.startsWith('Nullable(DateTime64') ? "Nullable(DateTime64(6, 'UTC'))" : type
}

function declaredColumn(name: string, type: ColumnType): EngineColumn {
  return { name, type: `Nullable(${engineType(type)})`, ...(type === 'json' ? { holds: type } : {}) }
}

const reasons: { readonly [because in UnreadableBecause]?: string } = {
  quotes: 'text follows the closing quote of a value.',
  compression: 'it is not compressed as its name says, or it is cut off.',
}

/** The path of one of the files that a pattern matches, without the folders that only the server knows. */
function shownPath(path: string, pattern: string, files: number): string {
  return files === 1 ? pattern : path.split('/').slice(-pattern.split('/').length).join('/')
}

/** A cell that does not fit: the statement says which column it is of, and the rows are asked for afterwards. */
function explainMisfit({ message }: EngineFailure, path: string, columns: readonly EngineColumn[]): Error | undefined {
  const index = readMisfit(message)
  const column = index === undefined ? undefined : columns[index]
  if (column === undefined) return undefined
  return fileErrors.value({
    path,
    column: column.name,
    value: 'a value that does not fit',
    columnWords: columnWords(column.type),
  })
}

function explainIn(
  failure: EngineFailure,
  path: string,
  { columns, hasHeader }: { readonly columns: readonly EngineColumn[]; readonly hasHeader: boolean },
): Error | undefined {
  return explainMisfit(failure, path, columns) ?? explainReading(failure, path, hasHeader)
}

/** Says what the engine complained about in the words of the file. */
export function explainReading(
  { message, reason, reading }: EngineFailure,
  path: string,
  hasHeader = false,
): Error | undefined {
  if (message.includes('millrace|record'))
    return fileErrors.unreadable({ path, because: 'a record is not valid JSON.' })
  switch (reading?.kind) {
    case 'row_length':
      return fileErrors.row({ path, row: rowWords(reading.row, hasHeader), compared: reading.compared })
    case 'value':
      return fileErrors.value({ path, row: rowWords(reading.row, hasHeader), column: reading.column, ...said(reading) })
    case 'missing':
      return fileErrors.vanished({ path })
    case 'disk_full':
      return fileErrors.full({ path })
    case 'empty':
      return fileErrors.empty({ path })
    case 'unreadable': {
      const known = reading.because && reasons[reading.because]
      if (known !== undefined) return fileErrors.unreadable({ path, because: known })
      const because = `${reading.row === undefined ? '' : `at row ${reading.row}${hasHeader ? ' (without the header)' : ''}: `}${reason.slice(0, 300)}`
      return fileErrors.unreadable({ path, because })
    }
    default:
      return undefined
  }
}

function said({ value, type }: Extract<ReadingFailure, { kind: 'value' }>): { value: string; columnWords: string } {
  if (type !== undefined)
    return { value: value === undefined ? 'a value that does not fit' : `"${value}"`, columnWords: columnWords(type) }
  return { value: literal(value ?? 'a value that does not fit'), columnWords: 'has another type' }
}
