import { Client } from 'pg'
import { z } from 'zod'
import { secretText } from '#sdk'
import type { Surroundings } from '#sdk'
import { postgresErrors } from './errors.ts'

export const placeSettings = {
  host: z.string().min(1).max(255).meta({ title: 'Host', description: 'Name or address of the server.' }),
  port: z
    .number()
    .int()
    .min(1)
    .max(65535)
    .default(5432)
    .meta({ title: 'Port', description: 'Where the server listens.' }),
  database: z.string().min(1).max(63).meta({ title: 'Database', description: 'The database on the server.' }),
  user: z.string().min(1).max(63).default('postgres').meta({ title: 'User', description: 'Who signs in.' }),
  password: secretText({ title: 'Password', description: 'Kept sealed, never shown again.' }).default(''),
  schema: z
    .string()
    .min(1)
    .max(63)
    .default('public')
    .meta({ title: 'Schema', description: 'The schema that holds the table.' }),
}

export interface Place {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  readonly schema: string
}

export function placeName(place: Place): string {
  return `${place.host}:${place.port}`
}

/** Connects to the address that was allowed, not to whatever the name means a moment later. */
export async function connect(place: Place, around: Surroundings): Promise<Client> {
  const host = await around.network.address(place.host, place.port)
  const client = new Client({
    host,
    port: place.port,
    database: place.database,
    user: place.user,
    password: place.password,
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
        place,
      ) ?? error
    )
  }
  return client
}

/** What the engine or the server said, in the words of the definition. */
export function explain(message: string, place: Place & { readonly table?: string | undefined }): Error | undefined {
  const at = placeName(place)
  if (
    /password authentication failed|no password supplied|SASL|role ".*" does not exist|no pg_hba\.conf entry/.test(
      message,
    )
  ) {
    return postgresErrors.credentials({ place: at, user: place.user })
  }
  if (/database ".*" does not exist/.test(message))
    return postgresErrors.database({ place: at, database: place.database })
  if (/PostgreSQL table .* does not exist/.test(message)) {
    return postgresErrors.table({ database: place.database, table: place.table ?? '' })
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
