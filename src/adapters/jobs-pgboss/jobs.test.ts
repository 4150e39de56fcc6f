import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registerJobsSuite } from '#ports/suites/jobs'
import { manualClock } from '#adapters/clock-manual'
import { pgliteMetadata } from '#adapters/pglite'
import { pgBossJobs } from './jobs.ts'

const home = await mkdtemp(join(tmpdir(), 'millrace-jobs-'))
const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })

registerJobsSuite(
  'pg-boss on PGlite',
  async (clock) => await pgBossJobs({ metadata, clock, alone: true, onError: (error) => console.error(error) }),
  manualClock,
  async () => {
    await metadata.close()
    await rm(home, { recursive: true, force: true })
  },
)
