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

export interface EngineFormat {
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
}

/** The engine's CSV takes no tabs between values; its custom format does, by the same rules of quoting. */
export function engineFormat(format: Format, header = true, delimiter = format === 'tsv' ? '\t' : ','): EngineFormat {
  const named = header ? 'WithNames' : ''
  if (format === 'parquet') return { name: 'Parquet', settings: {} }
  if (format !== 'csv' && format !== 'tsv') return { name: 'JSONEachRow', settings: {} }
  if (delimiter !== '\t') return { name: `CSV${named}`, settings: { format_csv_delimiter: delimiter } }
  return separated(named, delimiter)
}

/** How the engine infers columns and reads values. */
export function readingSettings(format: Format): Record<string, string | number> {
  const common = { schema_inference_make_columns_nullable: 1 }
  switch (format) {
    case 'csv':
    case 'tsv':
      return {
        ...common,
        input_format_csv_use_best_effort_in_schema_inference: 1,
        input_format_csv_skip_trailing_empty_lines: 1,
        input_format_try_infer_datetimes_only_datetime64: 1,
        date_time_input_format: 'best_effort',
      }
    case 'ndjson':
    case 'json':
      return {
        ...common,
        input_format_json_read_objects_as_strings: 1,
        input_format_json_read_arrays_as_strings: 1,
        input_format_json_try_infer_named_tuples_from_objects: 0,
        input_format_try_infer_datetimes_only_datetime64: 1,
        input_format_skip_unknown_fields: 1,
        date_time_input_format: 'best_effort',
      }
    case 'parquet':
      return common
  }
}

/** The settings of a source hold for the whole statement, so that what it reads by must not be what a file is written by. */
export function writingFormat(format: Format, reading: Readonly<Record<string, string | number>>): EngineFormat {
  const { name, settings } = engineFormat(format)
  const delimiter = reading['format_csv_delimiter'] ?? ','
  return name === 'CSVWithNames' && delimiter !== ',' ? separated('WithNames', ',') : { name, settings }
}

function separated(named: string, delimiter: string): EngineFormat {
  const settings = { format_custom_escaping_rule: 'CSV', format_custom_field_delimiter: delimiter }
  return { name: `CustomSeparated${named}`, settings }
}

/** One path, or several in the engine's brace form, which must begin with "/" or it is taken as relative. */
export function enginePath(paths: readonly string[]): string {
  for (const path of paths) {
    if (/[*?{}[\]]|::/.test(path) || (paths.length > 1 && path.includes(','))) throw fileErrors.name({ path })
  }
  const [first, ...others] = paths
  return others.length === 0 && first !== undefined ? first : `/{${paths.map((path) => path.slice(1)).join(',')}}`
}
