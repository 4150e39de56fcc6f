/** A PostgreSQL database of its own for a test that would disturb others on the same server. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

export interface OwnDatabase {
  readonly url: string
  drop(): Promise<void>
}

export async function ownDatabase(server: string): Promise<OwnDatabase> {
  const name = `millrace_${randomBytes(6).toString('hex')}`
  const onServer = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: server })
    await client.connect()
    await client.query(statement).finally(() => client.end())
  }
  await onServer(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(`drop database ${name} with (force)`) }
}
