import { Client } from 'pg'
import type { Surroundings } from '#sdk'
import { postgresErrors } from './errors.ts'
import type { PostgresAddress } from './settings.ts'

export function addressName(address: PostgresAddress): string {
  return `${address.host}:${address.port}`
}

/** Connects to the address that was allowed, not to whatever the name means a moment later. */
export async function connect(address: PostgresAddress, around: Surroundings): Promise<Client> {
  const host = await around.network.address(address.host, address.port)
  const client = new Client({
    host,
    port: address.port,
    database: address.database,
    user: address.user,
    password: address.password,
    connectionTimeoutMillis: 5_000,
    application_name: 'millrace',
  })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    throw (
      explain(
        error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error),
        address,
      ) ?? error
    )
  }
  return client
}

export async function check(address: PostgresAddress, around: Surroundings): Promise<string> {
  const client = await connect(address, around)
  await client.end()
  return `${addressName(address)} lets "${address.user}" into "${address.database}".`
}

/** What the engine or the server said, in the words of the definition. */
export function explain(
  message: string,
  address: PostgresAddress & { readonly table?: string | undefined },
): Error | undefined {
  const at = addressName(address)
  if (
    /password authentication failed|no password supplied|SASL|role ".*" does not exist|no pg_hba\.conf entry/.test(
      message,
    )
  ) {
    return postgresErrors.credentials({ place: at, user: address.user })
  }
  if (/database ".*" does not exist/.test(message))
    return postgresErrors.database({ place: at, database: address.database })
  if (/PostgreSQL table .* does not exist/.test(message)) {
    return postgresErrors.table({ database: address.database, table: address.table ?? '' })
  }
  const refused =
    /ECONNREFUSED|Connection refused|timeout expired|timed out|EHOSTUNREACH|ENETUNREACH|No route to host|ECONNRESET|terminated unexpectedly|server closed the connection|Connection to `/i.exec(
      message,
    )
  if (refused !== null) {
    const because = /refused/i.test(message)
      ? 'the connection is refused.'
      : /time/i.test(message)
        ? 'no answer in time.'
        : 'the connection broke.'
    return postgresErrors.unreachable({ place: at, because })
  }
  const said = /ERROR:\s+([^\n]*)/.exec(message)?.[1]
  if (said !== undefined) return postgresErrors.query({ because: said })
  return undefined
}

/** Double quotes for any name in PostgreSQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
