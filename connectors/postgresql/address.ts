import { Client } from 'pg'
import type { Surroundings } from '#sdk'
import { addressName, failureOfServer } from './failures.ts'
import type { PostgresAddress } from './settings.ts'

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
    throw failureOfServer(error, address) ?? error
  }
  return client
}

export async function check(address: PostgresAddress, around: Surroundings): Promise<string> {
  const client = await connect(address, around)
  await client.end()
  return `${addressName(address)} lets "${address.user}" into "${address.database}".`
}

/** Double quotes for any name in PostgreSQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
