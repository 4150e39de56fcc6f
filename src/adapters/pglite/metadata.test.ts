import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { registerMetadataSuite } from '#ports/suites/metadata'
import { MetadataError } from '#ports/metadata'
import { pgliteMetadata } from './metadata.ts'

registerMetadataSuite('PGlite', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-pglite-'))
  const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'disk' })
  return { metadata, closed: async () => await rm(home, { recursive: true, force: true }) }
})

test('PGlite: waiting inside a transaction for another call is refused, and a stuck transaction is taken back', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-pglite-'))
  const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process', transactionMs: 200 })
  await assert.rejects(metadata.system.transaction(async () => await metadata.system.query('select 1')), hasCode('25001'))
  await assert.rejects(metadata.system.transaction(async () => await new Promise(() => undefined)), hasCode('25P04'))
  assert.deepEqual((await metadata.system.query('select 1 as n')).rows.map((row) => ({ ...row })), [{ n: 1 }])
  await metadata.close()
  await assert.rejects(metadata.system.query('select 1'), hasCode('57P01'))
  await rm(home, { recursive: true })
})

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof MetadataError && error.code === code
}
