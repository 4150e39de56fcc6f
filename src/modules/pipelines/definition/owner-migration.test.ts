import assert from 'node:assert/strict'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { migrate } from '#kernel/migrations'
import { pgliteMetadata } from '#adapters/pglite'

test('a pipeline stored before owners were is owned by who runs the server', async () => {
  const home = await mkdtemp(join(tmpdir(), 'millrace-owner-'))
  const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
  try {
    const folder = new URL('../migrations/', import.meta.url)
    const earlier = join(home, 'migrations')
    const first = '0001-pipelines-and-runs.sql'
    await mkdir(earlier)
    await copyFile(new URL(first, folder), join(earlier, first))
    await migrate(metadata, [{ name: 'pipelines', migrations: pathToFileURL(`${earlier}/`) }])
    await metadata.system.query(
      `insert into pipelines.definition (workspace, id, name, body, status) values ('default', gen_random_uuid(), 'old', '{}', 'active')`,
    )
    await migrate(metadata, [{ name: 'pipelines', migrations: folder }])
    const { rows } = await metadata.inWorkspace('default').query('select name, owner from pipelines.definition')
    assert.deepEqual(rows, [{ name: 'old', owner: { kind: 'person', id: 'owner', name: 'Owner' } }])
  } finally {
    await metadata.close()
    await rm(home, { recursive: true, force: true })
  }
})
