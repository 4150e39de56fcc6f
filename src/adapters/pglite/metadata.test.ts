import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
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

test('PGlite: waiting inside a transaction for another call is refused, and a stuck transaction is rolled back', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-pglite-'))
  const metadata = await pgliteMetadata({
    directory: join(home, 'metadata'),
    durability: 'process',
    transactionMs: 200,
  })
  await assert.rejects(
    metadata.system.transaction(async () => await metadata.system.query('select 1')),
    hasCode('25001'),
  )
  await assert.rejects(
    metadata.system.transaction(async () => await new Promise(() => undefined)),
    hasCode('25P04'),
  )
  assert.deepEqual(
    (await metadata.system.query('select 1 as n')).rows.map((row) => ({ ...row })),
    [{ n: 1 }],
  )
  await metadata.close()
  await assert.rejects(metadata.system.query('select 1'), hasCode('57P01'))
  await rm(home, { recursive: true })
})

test('PGlite: a kill during commits loses no acknowledged row, time after time', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-pglite-'))
  const directory = join(home, 'metadata')
  await (await pgliteMetadata({ directory, durability: 'disk' })).close()
  let acknowledged = 0
  for (let round = 0; round < 3; round += 1) {
    acknowledged = await commitUntilKilled(directory, 150 + round * 170)
  }
  const metadata = await pgliteMetadata({ directory, durability: 'disk' })
  const { rows } = await metadata.system.query<{ n: number; last: number; odd: number }>(
    `select count(*) as n, max(n) as last, count(*) filter (where pair is distinct from n) as odd from killed`,
  )
  assert.ok((rows[0]?.last ?? 0) >= acknowledged, `${acknowledged} acknowledged, ${rows[0]?.last} kept`)
  assert.equal(rows[0]?.n, rows[0]?.last)
  assert.equal(rows[0]?.odd, 0)
  await metadata.close()
  await rm(home, { recursive: true })
})

/** Returns the last number the child said was committed. */
async function commitUntilKilled(directory: string, afterMs: number): Promise<number> {
  const child = fork(new URL('./kill-fixture.ts', import.meta.url), [directory], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let last = 0
  child.on('message', (n: number) => {
    if (last === 0) setTimeout(() => child.kill('SIGKILL'), afterMs)
    last = n
  })
  await new Promise((resolve) => child.on('exit', resolve))
  assert.ok(last > 0, 'the child committed nothing')
  return last
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof MetadataError && error.code === code
}
