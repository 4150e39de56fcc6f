/** The formats of files, their names and what the engine calls them. */
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

export function engineFormat(format: Format, header: boolean): string {
  if (format === 'csv' || format === 'tsv') return header ? 'CSVWithNames' : 'CSV'
  return format === 'parquet' ? 'Parquet' : 'JSONEachRow'
}

/** One path, or several in the engine's brace form. */
export function enginePath(paths: readonly string[]): string {
  for (const path of paths) {
    if (/[*?{}[\]]|::/.test(path) || (paths.length > 1 && path.includes(','))) throw fileErrors.name({ path })
  }
  const [first, ...others] = paths
  return others.length === 0 && first !== undefined ? first : `{${paths.join(',')}}`
}
