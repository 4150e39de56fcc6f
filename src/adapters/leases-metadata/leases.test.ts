import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pgliteMetadata } from '#adapters/pglite'
import { postgresMetadata } from '#adapters/postgres'
import { ownDatabase } from '#adapters/postgres/database-fixture'
import { storesTables } from '#kernel/guard-stores'
import { migrateOne } from '#kernel/migrations'
import type { Metadata } from '#ports/metadata'
import { registerLeasesSuite, type LeasesUnderTest } from '#ports/suites/leases'
import { metadataLeases } from './leases.ts'

const lapseMs = 12_000

/** Two servers on one database. */
async function twoServers(metadata: Metadata, closed: () => Promise<void>): Promise<LeasesUnderTest> {
  await migrateOne(metadata, storesTables)
  const server = async () => {
    const id = randomUUID()
    await metadata.system.query(
      `insert into stores.server (id, home, host, process, version, role) values ($1, 'h', 'suite', 7, '1', 'all')`,
      [id],
    )
    const listeners: (() => Promise<void>)[] = []
    const leases = metadataLeases({ metadata, lapseMs, server: { id, onHeartbeat: (one) => void listeners.push(one) } })
    const setHeartbeat = async (at: string): Promise<void> => {
      await metadata.system.query(`update stores.server set heartbeat = ${at} where id = $1`, [id])
    }
    return { leases, setHeartbeat, notice: async () => void (await Promise.all(listeners.map((one) => one()))) }
  }
  const [first, second] = [await server(), await server()]
  return {
    metadata,
    leases: first.leases,
    other: second.leases,
    lapse: () => first.setHeartbeat(`now() - interval '${lapseMs + 1} milliseconds'`),
    notice: async () => {
      await first.setHeartbeat('now()')
      await first.notice()
    },
    closed,
  }
}

registerLeasesSuite('metadata on PGlite', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-leases-'))
  const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
  return await twoServers(metadata, async () => {
    await metadata.close()
    await rm(home, { recursive: true })
  })
})

const url = process.env['MILLRACE_TEST_POSTGRES_URL']
if (url === undefined) {
  test(
    'leases: metadata on PostgreSQL',
    { skip: 'needs a server in MILLRACE_TEST_POSTGRES_URL; npm run test:services starts one' },
    () => {},
  )
} else {
  registerLeasesSuite('metadata on PostgreSQL', async () => {
    const database = await ownDatabase(url)
    const metadata = await postgresMetadata({ url: database.url })
    return await twoServers(metadata, async () => {
      await metadata.close()
      await database.drop()
    })
  })
}
