/**
 * Metadata: PostgreSQL's dialect, whatever runs it. Values are always parameters (`$1`).
 *
 * Work for a workspace goes through `inWorkspace`: rows of other workspaces are invisible there
 * by row-level security (each table with a `workspace` column has a policy on
 * `current_setting('millrace.workspace')`). `system` sees everything and is for the kernel,
 * migrations and jobs that look after all workspaces. Work for a workspace runs as the role
 * `millrace_app`, which may touch only tables that have such a policy.
 *
 * Pass JSON as text (`JSON.stringify`), points of time as `Date` or RFC 3339. Answers: `timestamptz`
 * is a `Date`, `bigint` a number (a `bigint` beyond 2^53), `numeric` and `date` text, `jsonb` parsed.
 *
 * Inside `transaction` use only its session: another call would wait for the transaction itself.
 *
 * ```ts
 * const { rows } = await ports.metadata.system.query<{ next: number }>('select $1::int + 1 as next', [41])
 * rows // [{ next: 42 }]
 * const sql = ports.metadata.inWorkspace('default')
 * await sql.transaction(async (session) => (await session.query('select name from datasets.dataset')).rows) // […]
 * ```
 */
export interface Metadata {
  readonly system: Sql
  inWorkspace(workspace: string): Sql
  /** Runs a script of several statements, without parameters: migrations. */
  script(text: string): Promise<void>
  close(): Promise<void>
}

export interface Sql {
  /** One statement; on `system` and without values also several, whose rows come one after the other. */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<SqlResult<Row>>
  /** All or nothing; durable when it resolves. The session is of no use afterwards. */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>
}

export interface SqlSession {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<SqlResult<Row>>
}

export interface SqlResult<Row> {
  readonly rows: readonly Row[]
  /** Rows inserted, updated or deleted. */
  readonly affected: number
}

/** What PostgreSQL said no to. `code` is its SQLSTATE: `23505` a unique key, `23503` a foreign key, `42501` a policy. */
export class MetadataError extends Error {
  override readonly name = 'MetadataError'
  readonly code: string
  readonly constraint: string | undefined
  readonly detail: string | undefined

  constructor(
    message: string,
    code: string,
    more: { constraint?: string | undefined; detail?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.code = code
    this.constraint = more.constraint
    this.detail = more.detail
  }
}

/** A row with this unique key exists already. */
export function isUniqueViolation(error: unknown): error is MetadataError {
  return error instanceof MetadataError && error.code === '23505'
}

/** Runs `work`; a unique violation in it becomes the error that `conflict` makes. */
export async function mapUniqueViolation<T>(
  conflict: (cause: MetadataError) => Error,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isUniqueViolation(error) ? conflict(error) : error
  }
}
