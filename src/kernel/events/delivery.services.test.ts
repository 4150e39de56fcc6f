import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { postgresMetadata } from '#adapters/postgres'
import { registerEventSuite } from './event-suite-fixture.ts'

const url = process.env['MILLRACE_TEST_POSTGRES_URL']

if (url === undefined) {
  const skip = 'needs a server in MILLRACE_TEST_POSTGRES_URL; npm run test:services starts one'
  test('events: PostgreSQL', { skip }, () => {})
} else {
  registerEventSuite('PostgreSQL', {
    open: async () => {
      const name = `events_${randomUUID().slice(0, 8)}`
      const server = await postgresMetadata({ url })
      await server.system.query(`create database ${name}`)
      const own = new URL(url)
      own.pathname = `/${name}`
      return {
        metadata: await postgresMetadata({ url: own.href }),
        closed: async () => {
          await server.system.query(`drop database ${name} with (force)`)
          await server.close()
        },
      }
    },
    concurrent: true,
  })
}
