import { test } from 'node:test'
import { registerJobsSuite } from '#ports/suites/jobs'
import { manualClock } from '#adapters/clock-manual'
import { postgresMetadata } from '#adapters/postgres'
import { pgBossJobs } from './jobs.ts'

const url = process.env['MILLRACE_TEST_POSTGRES_URL']

if (url === undefined) {
  test(
    'jobs: pg-boss on PostgreSQL',
    { skip: 'needs a server in MILLRACE_TEST_POSTGRES_URL; npm run test:services starts one' },
    () => {},
  )
} else {
  const metadata = await postgresMetadata({ url })
  registerJobsSuite(
    'pg-boss on PostgreSQL',
    async (clock) => await pgBossJobs({ metadata, clock, alone: true }),
    manualClock,
    async () => await metadata.close(),
  )
}
