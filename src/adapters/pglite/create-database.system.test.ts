import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { until } from '#tests/house/until'
import { createDatabase } from './create-database.ts'
import { pgliteMetadata } from './metadata.ts'

delete process.env['MILLRACE_TEST_PGLITE_TEMPLATE']
const home = await mkdtemp(join(tmpdir(), 'millrace-pglite-'))
after(() => rm(home, { recursive: true, force: true }))

test('PGlite: a server that is killed while it makes its database makes it anew at the next start', async () => {
  const directory = join(home, 'killed', 'metadata')
  const server = fork(new URL('./kill-fixture.ts', import.meta.url), [directory])
  await until('initdb has begun', () => existsSync(join(`${directory}.making`, 'PG_VERSION')), { everyMs: 5 })
  const ended = once(server, 'exit')
  server.kill('SIGKILL')
  await ended
  assert.equal(existsSync(directory), false)
  const metadata = await pgliteMetadata({ directory, durability: 'process' })
  assert.deepEqual({ ...(await metadata.system.query('select 1 as n')).rows[0] }, { n: 1 })
  await metadata.close()
  assert.deepEqual(await readdir(join(home, 'killed')), ['metadata'])
})

test('PGlite: initdb leaves no memory behind in the process that asked for the database', async () => {
  const before = process.memoryUsage().rss
  await createDatabase({ directory: join(home, 'memory', 'metadata'), durability: 'process' })
  const grown = (process.memoryUsage().rss - before) / 2 ** 20
  assert.ok(grown < 40, `${grown} MiB more`)
})
