/**
 * Metadata: PostgreSQL's dialect, whatever runs it. Values are always parameters (`$1`).
 *
 * Work for a workspace goes through `inWorkspace`: rows of other workspaces are invisible there
 * by row-level security (each table with a `workspace` column has a policy on
 * `current_setting('millrace.workspace')`). `system` sees everything and is for the kernel,
 * migrations and jobs that look after all workspaces.
 */
export interface Metadata {
  readonly system: Sql
  inWorkspace(workspace: string): Sql
  /** Runs a script of several statements, without parameters: migrations. */
  script(text: string): Promise<void>
  close(): Promise<void>
}

export interface Sql {
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<SqlResult<Row>>
  /** All or nothing; durable when it resolves. The session is of no use afterwards. */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>
}

export interface SqlSession {
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<SqlResult<Row>>
}

export interface SqlResult<Row> {
  readonly rows: readonly Row[]
  /** Rows inserted, updated or deleted. */
  readonly affected: number
}
