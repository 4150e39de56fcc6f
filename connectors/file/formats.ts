/** The formats of files, their names and what the engine calls them. */
import type { EngineSettings } from '#sdk'
import { fileErrors } from './errors.ts'

export const formats = ['csv', 'tsv', 'ndjson', 'json', 'parquet'] as const
export type Format = (typeof formats)[number]

const endings: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'tsv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  parquet: 'parquet',
  pq: 'parquet',
}

export function formatOf(path: string, named: Format | undefined): Format {
  if (named !== undefined) return named
  const ending = /\.([a-z]+)(\.(gz|zst|xz|bz2|lz4|br))?$/i.exec(path)?.[1]?.toLowerCase()
  const format = endings[ending ?? '']
  if (format === undefined) throw fileErrors.format({ path })
  return format
}

export const isCompressed = (path: string): boolean => /\.(gz|zst|xz|bz2|lz4|br)$/i.test(path)

export interface EngineFormat {
  readonly name: string
  readonly settings: EngineSettings
}

/** The engine's CSV takes no tabs between values; its custom format does, by the same rules of quoting. */
export function engineFormat(format: Format, header = true, delimiter = format === 'tsv' ? '\t' : ','): EngineFormat {
  const named = header ? 'WithNames' : ''
  if (format === 'parquet') return { name: 'Parquet', settings: {} }
  if (format !== 'csv' && format !== 'tsv') return { name: 'JSONEachRow', settings: {} }
  if (delimiter !== '\t') return { name: `CSV${named}`, settings: { csvDelimiter: delimiter } }
  return separated(named, delimiter)
}

/** How the engine infers columns and reads values. */
export function readingSettings(format: Format): EngineSettings {
  if (format === 'parquet') return { fileValues: 'typed' }
  return { fileValues: format === 'csv' || format === 'tsv' ? 'csv' : 'json' }
}

/** The settings of a source hold for the whole statement, so that what it reads by must not be what a file is written by. */
export function writingFormat(format: Format, reading: EngineSettings): EngineFormat {
  const { name, settings } = engineFormat(format)
  const delimiter = reading.csvDelimiter ?? ','
  return name === 'CSVWithNames' && delimiter !== ',' ? separated('WithNames', ',') : { name, settings }
}

function separated(named: string, delimiter: string): EngineFormat {
  return { name: `CustomSeparated${named}`, settings: { customDelimiter: delimiter } }
}

/** One path, or several in the engine's brace form, which must begin with "/" or it is relative. */
export function enginePath(paths: readonly string[]): string {
  for (const path of paths) {
    if (/[*?{}[\]]|::/.test(path) || (paths.length > 1 && path.includes(','))) throw fileErrors.name({ path })
  }
  const [first, ...others] = paths
  return others.length === 0 && first !== undefined ? first : `/{${paths.map((path) => path.slice(1)).join(',')}}`
}
