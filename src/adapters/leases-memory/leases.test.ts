import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pgliteMetadata } from '#adapters/pglite'
import { registerLeasesSuite } from '#ports/suites/leases'
import { memoryLeases } from './leases.ts'

registerLeasesSuite('memory', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-leases-'))
  const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
  return {
    leases: memoryLeases(),
    metadata,
    closed: async () => {
      await metadata.close()
      await rm(home, { recursive: true })
    },
  }
})
