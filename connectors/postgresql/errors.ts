import { defineFailures } from '#sdk'

export const postgresErrors = defineFailures('postgresql', {
  unreachable: {
    kind: 'unavailable',
    failure: 'transient',
    title: 'PostgreSQL does not answer',
    says: (p: { place: string; because: string }) => `PostgreSQL at "${p.place}" cannot be reached: ${p.because}`,
    remedy: 'Check host and port, and that the server accepts connections from this machine.',
  },
  credentials: {
    kind: 'invalid',
    failure: 'credentials',
    title: 'PostgreSQL refused the sign-in',
    says: (p: { place: string; user: string }) =>
      `PostgreSQL at "${p.place}" refused the user "${p.user}" with this password.`,
    remedy: 'Correct "user" and "password".',
  },
  permission: {
    kind: 'invalid',
    failure: 'permission',
    title: 'PostgreSQL refused the access',
    says: (p: { place: string; user: string; because: string }) =>
      `PostgreSQL at "${p.place}" does not let the user "${p.user}" do this: ${p.because}`,
    remedy: 'Grant the user the right, or name another user.',
  },
  busy: {
    kind: 'unavailable',
    failure: 'capacity',
    title: 'PostgreSQL has no free connection or memory',
    says: (p: { place: string; because: string }) => `PostgreSQL at "${p.place}" has no room: ${p.because}`,
    remedy: 'Try again later, or raise the limits of the server.',
  },
  database: {
    kind: 'invalid',
    failure: 'not_found',
    title: 'Database not found',
    says: (p: { place: string; database: string }) => `PostgreSQL at "${p.place}" has no database "${p.database}".`,
    remedy: 'Correct "database".',
  },
  table: {
    kind: 'invalid',
    failure: 'not_found',
    title: 'Table not found',
    says: (p: { database: string; table: string }) =>
      `The database "${p.database}" has no table "${p.table}", or this user may not read it.`,
    remedy:
      'Correct "table" and "schema". The page of the connection lists the tables; without a connection POST /api/v1/connectors/postgresql/discover does.',
  },
  query: {
    kind: 'invalid',
    failure: ({ because }: { because: string }) =>
      because.startsWith('permission denied') ? 'permission' : 'configuration',
    title: 'PostgreSQL refused the query',
    says: (p: { because: string }) => `PostgreSQL says: ${p.because}`,
    remedy: 'Correct "query".',
  },
  column: {
    kind: 'invalid',
    failure: 'schema',
    title: 'Column not in the table',
    says: (p: { table: string; column: string }) => `The table "${p.table}" has no column "${p.column}".`,
    remedy: 'Add the column to the table, or leave it out with a map step ("drop").',
  },
  stranger: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Key is not a column',
    says: (p: { table: string; column: string }) =>
      `The key of the table "${p.table}" names "${p.column}", but the pipeline does not supply this column.`,
    remedy: 'Correct "key" of the destination, or supply the column with a map step ("compute" or "rename").',
  },
  key: {
    kind: 'invalid',
    failure: 'schema',
    title: 'No such key',
    says: (p: { table: string; key: string }) => `The table "${p.table}" has no unique key on ${p.key}.`,
    remedy: 'Give the table a unique index on these columns, or name other columns in "key".',
  },
  rows: {
    kind: 'invalid',
    failure: ({ state = '' }: { state?: string }) =>
      state === '42501'
        ? 'permission'
        : state.startsWith('53')
          ? 'capacity'
          : state.startsWith('42')
            ? 'schema'
            : 'data',
    title: 'PostgreSQL refused the rows',
    says: (p: { table: string; because: string; state?: string }) =>
      `PostgreSQL refused the rows for "${p.table}": ${p.because}`,
    remedy: 'Correct the rows with a transformation, or change the table.',
  },
})
