import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pgliteMetadata } from '#adapters/pglite'
import { registerEventSuite } from './event-suite-fixture.ts'

registerEventSuite('PGlite', {
  open: async () => {
    const home = await mkdtemp(join(tmpdir(), 'millrace-events-'))
    const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
    return { metadata, closed: async () => await rm(home, { recursive: true, force: true }) }
  },
  concurrent: false,
})
