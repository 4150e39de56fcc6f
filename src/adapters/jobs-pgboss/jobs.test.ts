import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registerJobsSuite } from '#ports/suites/jobs'
import { pgliteMetadata } from '#adapters/pglite'
import { pgBossJobs } from './jobs.ts'

const home = await mkdtemp(join(tmpdir(), 'millrace-jobs-'))
const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })

registerJobsSuite(
  'pg-boss on PGlite',
  async () => await pgBossJobs({ metadata, alone: true, onError: (error) => console.error(error) }),
  async () => {
    await metadata.close()
    await rm(home, { recursive: true, force: true })
  },
)
