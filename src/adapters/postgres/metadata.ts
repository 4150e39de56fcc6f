import pg from 'pg'
import type { PoolClient, QueryResult } from 'pg'
import { parseJsonValue } from '#core/parse-json'
import type { Metadata, Sql, SqlResult, SqlSession } from '#ports/metadata'
import { MetadataError } from '#ports/metadata'

export interface PostgresOptions {
  /** `postgresql://…`; the SQLAlchemy form `postgresql+asyncpg://…` is understood. */
  readonly url: string
  /** Most connections at once. Default 10. */
  readonly connections?: number
  readonly onError?: (error: Error) => void
}

/** A PostgreSQL server, 15 or newer. */
export async function postgresMetadata(options: PostgresOptions): Promise<Metadata> {
  const pool = new pg.Pool({
    connectionString: options.url.replace(/^(postgres(?:ql)?)\+\w+:/, '$1:'),
    max: options.connections ?? 10,
    application_name: 'millrace',
    options: '-c timezone=UTC -c idle_in_transaction_session_timeout=60000',
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        parsers[oid] ?? pg.types.getTypeParser(oid, format as 'text'),
    },
  })
  pool.on('error', (error) => options.onError?.(error))
  await ensureRole(pool)

  return {
    system: {
      query: async (text, values = []) =>
        await answered(async () =>
          values.length === 0 ? await pool.query(text) : await pool.query(text, [...values]),
        ),
      transaction: async (work) => await transaction(pool, undefined, work),
    },
    inWorkspace: (workspace): Sql => ({
      query: async (text, values = []) =>
        (await transaction(pool, workspace, async (session) => await session.query(text, values))) as SqlResult<never>,
      transaction: async (work) => await transaction(pool, workspace, work),
    }),
    script: async (text) => {
      await withClient(pool, async (client) => {
        try {
          await client.query(text)
        } catch (error) {
          await client.query('rollback')
          throw error
        }
      })
    },
    close: async () => await pool.end(),
  }
}

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  20: (text) => {
    const value = Number(text)
    return Number.isSafeInteger(value) ? value : BigInt(text)
  },
  114: parseJsonValue,
  1082: (text) => text,
  3802: parseJsonValue,
}

async function ensureRole(pool: pg.Pool): Promise<void> {
  await answered(
    async () =>
      await pool.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'millrace_app') then
        begin create role millrace_app nologin; exception when duplicate_object or unique_violation then null; end;
      end if;
      if not pg_has_role(current_user, 'millrace_app', 'member') then execute format('grant millrace_app to %I', current_user); end if;
    end $$`),
  )
}

async function transaction<T>(
  pool: pg.Pool,
  workspace: string | undefined,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  return await withClient(pool, async (client) => {
    let open = true
    let failed = false
    const session: SqlSession = {
      query: async (text, values = []) => {
        if (!open) throw new MetadataError('The transaction has ended; its session is of no use any more.', '25P01')
        try {
          return await answered(
            async () => await client.query({ text, values: [...values], queryMode: 'extended' } as pg.QueryConfig),
          )
        } catch (error) {
          failed = true
          throw error
        }
      },
    }
    try {
      await client.query(
        workspace === undefined
          ? 'begin'
          : `begin; set local role millrace_app; set local millrace.workspace = ${pg.escapeLiteral(workspace)}`,
      )
      const result = await work(session)
      if (failed) throw new MetadataError('A statement of the transaction failed, so nothing of it was kept.', '25P02')
      open = false
      await client.query('commit')
      return result
    } catch (error) {
      open = false
      await client.query('rollback')
      throw error
    }
  })
}

/** A connection whose rollback fails is thrown away rather than given back. */
async function withClient<T>(pool: pg.Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw typed(error)
  })
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    client.release(!(error instanceof MetadataError) && !isServerError(error))
    throw typed(error)
  }
}

async function answered(run: () => Promise<QueryResult | QueryResult[]>): Promise<SqlResult<never>> {
  try {
    const results = [await run()].flat()
    return {
      rows: results.flatMap((result) => result.rows) as never[],
      affected: results.reduce((sum, result) => sum + changed(result), 0),
    }
  } catch (error) {
    throw typed(error)
  }
}

function changed(result: QueryResult): number {
  return ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(result.command) ? (result.rowCount ?? 0) : 0
}

function isServerError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError
}

function typed(error: unknown): unknown {
  if (isServerError(error))
    return new MetadataError(error.message, error.code ?? 'XX000', {
      constraint: error.constraint,
      detail: error.detail,
      cause: error,
    })
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (/^E[A-Z]+$/.test(code))
    return new MetadataError(`The metadata database could not be reached: ${(error as Error).message}`, '08006', {
      cause: error,
    })
  return error
}
