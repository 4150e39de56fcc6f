import { secret, sql, text } from '#sdk'
import type { Discovered, EngineColumn, EngineReading, Surroundings } from '#sdk'
import { connect, explain, quoted } from './address.ts'
import type { PostgresAddress } from './address.ts'

export interface PostgresSource extends PostgresAddress {
  readonly table?: string | undefined
  readonly query?: string | undefined
}

/** The engine reads; filters that PostgreSQL understands are pushed down to it. */
export async function readPostgres(settings: PostgresSource, around: Surroundings): Promise<EngineReading> {
  const address = await around.network.address(settings.host, settings.port)
  const host = address.includes(':') ? `[${address}]:${settings.port}` : `${address}:${settings.port}`
  const asked = (query: string) =>
    sql`postgresql(${text(host)}, ${text(settings.database)}, query(${text(query)}), ${text(settings.user)}, ${secret(settings.password)})`
  const from =
    settings.query === undefined
      ? sql`postgresql(${text(host)}, ${text(settings.database)}, ${text(settings.table ?? '')}, ${text(settings.user)}, ${secret(settings.password)}, ${text(settings.schema)})`
      : asked(settings.query)
  // A query is not run twice only to count its rows.
  const count =
    settings.query === undefined
      ? {
          count: sql`SELECT rows FROM ${asked(`select count(*) as rows from ${quoted(settings.schema)}.${quoted(settings.table ?? '')}`)}`,
        }
      : {}
  try {
    const columns = (await around.engine.describe(from)).map(withTruth)
    return { by: 'engine', from, columns, ...count, explain: (message) => explain(message, settings) }
  } catch (error) {
    throw explain(error instanceof Error ? error.message : String(error), settings) ?? error
  }
}

/** To the engine a boolean of PostgreSQL is an integer of 8 bits without a sign, which PostgreSQL itself does not have. */
function withTruth(column: EngineColumn): EngineColumn {
  return /^(Nullable\()?UInt8\)?$/.test(column.type) ? { ...column, holds: 'boolean' } : column
}

export async function discoverTables(settings: PostgresAddress, around: Surroundings): Promise<readonly Discovered[]> {
  const client = await connect(settings, around)
  try {
    const { rows } = await client.query<{ schema: string; name: string; columns: Discovered['columns'] }>(
      `select c.table_schema as schema, c.table_name as name,
              json_agg(json_build_object('name', c.column_name, 'type', c.data_type, 'nullable', c.is_nullable = 'YES') order by c.ordinal_position) as columns
         from information_schema.columns c
        where c.table_schema not in ('pg_catalog', 'information_schema') and c.table_name not like '\\_millrace\\_%'
        group by 1, 2 order by 1, 2 limit 1000`,
    )
    return rows.map(({ schema, name, columns }) => ({
      name: schema === 'public' ? name : `${schema}.${name}`,
      config: { schema, table: name },
      ...(columns === undefined ? {} : { columns }),
    }))
  } finally {
    await client.end()
  }
}
