import { defineErrors } from '#sdk'

export const fileErrors = defineErrors('file', {
  format: {
    kind: 'invalid',
    title: 'Format not known',
    says: (p: { path: string }) => `The format of "${p.path}" cannot be told from its name.`,
    remedy: 'Set "format" to csv, ndjson, json or parquet.',
  },
  name: {
    kind: 'invalid',
    title: 'File name not usable',
    says: (p: { path: string }) => `The path "${p.path}" has characters the engine reads as a pattern.`,
    remedy: 'Rename it without * ? { } [ ] and "::".',
  },
  remote: {
    kind: 'invalid',
    title: 'Files are out of reach',
    says: () => 'The warehouse runs on another machine and cannot read or write files of this one.',
    remedy: 'Use the embedded warehouse for file pipelines.',
  },
  vanished: {
    kind: 'unavailable',
    title: 'File gone',
    says: (p: { path: string }) => `The file "${p.path}" was there when the run began and has gone since.`,
    remedy: 'Put it back and run the pipeline again; nothing was written twice.',
  },
  empty: {
    kind: 'invalid',
    title: 'Nothing to tell columns from',
    says: (p: { path: string }) => `No columns can be told from "${p.path}": it is empty or not in the format named.`,
    remedy: 'Check the file and its "format".',
  },
  value: {
    kind: 'invalid',
    title: 'A value does not fit its column',
    says: (p: { path: string; row: string; column: string; value: string; type: string }) =>
      `Row ${p.row} of "${p.path}" has ${p.value} in column "${p.column}", which holds ${p.type}.`,
    remedy: 'Mend the row, or give the column another type under "columns" of the source.',
  },
  row: {
    kind: 'invalid',
    title: 'A row has another number of values',
    says: (p: { path: string; row: string; compared: 'fewer' | 'more' }) =>
      `Row ${p.row} of "${p.path}" has ${p.compared} values than the file has columns.`,
    remedy: 'Mend the row. A run sets such rows apart in quarantine as long as there are not more than 10,000.',
  },
  unreadable: {
    kind: 'invalid',
    title: 'File cannot be read',
    says: (p: { path: string; because: string }) => `The file "${p.path}" cannot be read: ${p.because}`,
    remedy: 'Check that the file is whole and that "format" is right.',
  },
  full: {
    kind: 'unavailable',
    title: 'Disk full',
    says: (p: { path: string }) => `There is no space left to write "${p.path}".`,
    remedy: 'Free some space and run the pipeline again; the file that was there before is untouched.',
  },
  incomplete: {
    kind: 'unavailable',
    title: 'File not whole',
    says: (p: { path: string; rows: number }) => `Of the ${p.rows} rows for "${p.path}" not all are on the disk.`,
    remedy: 'Check the disk and run the pipeline again; the file that was there before is untouched.',
  },
  columns: {
    kind: 'invalid',
    title: 'Column not in the file',
    says: (p: { column: string; path: string; found: string }) =>
      `"${p.path}" has no column "${p.column}"; it has ${p.found}.`,
    remedy: 'Correct the names under "columns" of the source.',
  },
})
