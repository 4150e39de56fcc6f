import { defineFailures } from '#sdk'

export const fileErrors = defineFailures('file', {
  format: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Unknown format',
    says: (p: { path: string }) => `The name of "${p.path}" does not show its format.`,
    remedy: 'Set "format" to csv, ndjson, json or parquet.',
  },
  name: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'File name cannot be used',
    says: (p: { path: string }) => `The path "${p.path}" has characters that the engine reads as a pattern.`,
    remedy: 'Rename it without * ? { } [ ] and "::".',
  },
  remote: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Files cannot be reached',
    says: () => 'The warehouse runs on another machine and cannot read or write files of this one.',
    remedy: 'Use the embedded warehouse for file pipelines.',
  },
  vanished: {
    kind: 'unavailable',
    failure: 'not_found',
    title: 'File gone',
    says: (p: { path: string }) => `The file "${p.path}" was deleted or moved during the run.`,
    remedy: 'Put it back and run the pipeline again; nothing was written twice.',
  },
  empty: {
    kind: 'invalid',
    failure: 'schema',
    title: 'File has no columns',
    says: (p: { path: string }) => `Millrace found no columns in "${p.path}". The file is empty or has another format.`,
    remedy: 'Check the file and its "format".',
  },
  value: {
    kind: 'invalid',
    failure: 'data',
    title: 'A value does not fit its column',
    says: (p: { path: string; row?: string; column: string; value: string; columnWords: string }) =>
      `${p.row ?? 'A row'} of "${p.path}" has ${p.value} in column "${p.column}", which ${p.columnWords}.`,
    remedy:
      'Correct the row, or give the column another type under "columns" of the source; a "json" column takes any value.',
  },
  row: {
    kind: 'invalid',
    failure: 'data',
    title: 'A row has the wrong number of values',
    says: (p: { path: string; row: string; compared: 'fewer' | 'more' }) =>
      `${p.row} of "${p.path}" has ${p.compared} values than the file has columns.`,
    remedy: 'Correct the row. A run puts up to 10,000 such rows into quarantine.',
  },
  quote: {
    kind: 'invalid',
    failure: 'data',
    title: 'A quote is never closed',
    says: (p: { path: string; at: string }) => `"${p.path}" ends inside a value whose quote is opened in ${p.at}.`,
    remedy: 'Check that the file is complete, or close the quote.',
  },
  too_many: {
    kind: 'invalid',
    failure: 'data',
    title: 'Too many rows cannot be read',
    says: (p: { path: string; max: number; first: string }) =>
      `More than ${p.max.toLocaleString('en')} rows of "${p.path}" cannot be read. ${p.first}`,
    remedy: 'Check the delimiter and the types under "columns" of the source.',
  },
  unreadable: {
    kind: 'invalid',
    failure: 'data',
    title: 'File cannot be read',
    says: (p: { path: string; because: string }) => `The file "${p.path}" cannot be read: ${p.because}`,
    remedy: 'Check that the file is complete and that "format" is right.',
  },
  full: {
    kind: 'unavailable',
    failure: 'capacity',
    title: 'Disk full',
    says: (p: { path: string }) => `There is no space left to write "${p.path}".`,
    remedy: 'Free some space and run the pipeline again; the earlier file is unchanged.',
  },
  incomplete: {
    kind: 'unavailable',
    failure: 'capacity',
    title: 'File is incomplete',
    says: (p: { path: string; rows: number }) => `Not all of the ${p.rows} rows for "${p.path}" are on the disk.`,
    remedy: 'Check the disk and run the pipeline again; the earlier file is unchanged.',
  },
  columns: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Column not in the file',
    says: (p: { column: string; path: string; found: string }) =>
      `"${p.path}" has no column "${p.column}"; it has ${p.found}.`,
    remedy: 'Correct the names under "columns" of the source.',
  },
})
