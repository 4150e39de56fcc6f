import { countText, secret, sql, text } from '#sdk'
import type { EngineColumn, EngineReading, Surroundings } from '#sdk'
import { check as checkAddress, quoted } from './address.ts'
import { failureOfEngine } from './failures.ts'
import type { PostgresAddress } from './settings.ts'

export interface PostgresSource extends PostgresAddress {
  readonly table?: string | undefined
  readonly query?: string | undefined
}

/** The engine reads; filters that PostgreSQL understands are pushed down to it. */
export async function read(settings: PostgresSource, around: Surroundings): Promise<EngineReading> {
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
    return { by: 'engine', from, columns, ...count, explain: ({ message }) => failureOfEngine(message, settings) }
  } catch (error) {
    throw failureOfEngine(error instanceof Error ? error.message : String(error), settings) ?? error
  }
}

/** To the engine a boolean of PostgreSQL is an integer of 8 bits without a sign, which PostgreSQL itself does not have. */
function withTruth(column: EngineColumn): EngineColumn {
  return /^(Nullable\()?UInt8\)?$/.test(column.type) ? { ...column, holds: 'boolean' } : column
}

export async function check(settings: PostgresSource, around: Surroundings): Promise<string> {
  if (settings.table === undefined && settings.query === undefined) return await checkAddress(settings, around)
  const { columns } = await read(settings, around)
  return `${settings.table ?? 'The query'} has ${countText(columns.length, 'column')}.`
}
