/** The columns of the table of rejected rows, in order. */
const columns = [
  'dataset',
  'id',
  'at',
  'source',
  'reason',
  'problems',
  'row',
  'replayed',
  'pipeline',
  'stream',
  'record',
]
export const quarantineColumns = columns.join(', ')

/** Writes rows of the table again, with other values in some columns. */
export function copyRows(table: string, changes: Readonly<Record<string, string>>, chosen: string): string {
  const values = columns.map((name) => changes[name] ?? name).join(', ')
  return `INSERT INTO ${table} (${quarantineColumns}) SELECT ${values} FROM ${table} FINAL WHERE ${chosen}`
}
