import { test } from 'node:test'
import { registerMetadataSuite } from '#ports/suites/metadata'
import { postgresMetadata } from './metadata.ts'

const url = process.env['MILLRACE_TEST_POSTGRES_URL']

if (url === undefined) {
  test(
    'metadata: PostgreSQL',
    { skip: 'needs a server in MILLRACE_TEST_POSTGRES_URL; npm run test:services starts one' },
    () => {},
  )
} else {
  registerMetadataSuite('PostgreSQL', async () => ({ metadata: await postgresMetadata({ url }) }))
}
