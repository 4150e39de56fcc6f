import { defineErrors } from '#sdk'

export const postgresErrors = defineErrors('postgresql', {
  unreachable: {
    kind: 'unavailable',
    title: 'PostgreSQL does not answer',
    says: (p: { place: string; because: string }) => `PostgreSQL at "${p.place}" cannot be reached: ${p.because}`,
    remedy: 'Check host and port, and that the server accepts connections from this machine.',
  },
  credentials: {
    kind: 'invalid',
    title: 'PostgreSQL refused the sign-in',
    says: (p: { place: string; user: string }) =>
      `PostgreSQL at "${p.place}" refused the user "${p.user}" with this password.`,
    remedy: 'Correct "user" and "password".',
  },
  database: {
    kind: 'invalid',
    title: 'Database not found',
    says: (p: { place: string; database: string }) => `PostgreSQL at "${p.place}" has no database "${p.database}".`,
    remedy: 'Correct "database".',
  },
  table: {
    kind: 'invalid',
    title: 'Table not found',
    says: (p: { database: string; table: string }) =>
      `The database "${p.database}" has no table "${p.table}", or this user may not read it.`,
    remedy: 'Correct "table" and "schema"; POST /api/v1/connectors/postgresql/discover lists the tables.',
  },
  query: {
    kind: 'invalid',
    title: 'PostgreSQL refused the query',
    says: (p: { because: string }) => `PostgreSQL says: ${p.because}`,
    remedy: 'Correct "query".',
  },
  column: {
    kind: 'invalid',
    title: 'Column not in the table',
    says: (p: { table: string; column: string }) => `The table "${p.table}" has no column "${p.column}".`,
    remedy: 'Add the column to the table, or leave it out with a map step ("drop").',
  },
  stranger: {
    kind: 'invalid',
    title: 'Key is not a column',
    says: (p: { table: string; column: string }) =>
      `The key of the table "${p.table}" names "${p.column}", but the pipeline does not supply this column.`,
    remedy: 'Correct "key" of the destination, or supply the column with a map step ("compute" or "rename").',
  },
  key: {
    kind: 'invalid',
    title: 'No such key',
    says: (p: { table: string; key: string }) => `The table "${p.table}" has no unique key on ${p.key}.`,
    remedy: 'Give the table a unique index on these columns, or name other columns in "key".',
  },
  rows: {
    kind: 'invalid',
    title: 'PostgreSQL refused the rows',
    says: (p: { table: string; because: string }) => `PostgreSQL refused the rows for "${p.table}": ${p.because}`,
    remedy: 'Correct the rows with a transformation, or change the table.',
  },
})
