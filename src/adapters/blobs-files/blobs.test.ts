import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { registerBlobsSuite } from '#ports/suites/blobs'
import { fileBlobs } from './blobs.ts'

registerBlobsSuite('files', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-blobs-'))
  return {
    blobs: await fileBlobs({ directory, durability: 'disk' }),
    closed: async () => await rm(directory, { recursive: true }),
  }
})

test('files: a checksum noted for other bytes is not believed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-blobs-'))
  const blobs = await fileBlobs({ directory, durability: 'process' })
  await blobs.put('a', Buffer.from('one'))
  await blobs.put('b', Buffer.from('other'))
  await rm(join(directory, 'objects', 'a'))
  await writeFile(join(directory, 'objects', 'a'), 'changed')
  const { sha256 } = await blobs.put('c', Buffer.from('changed'))
  assert.equal((await blobs.head('a'))?.sha256, sha256)
  await rm(directory, { recursive: true })
})

test('files: what was half written before a crash is cleared at start', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-blobs-'))
  await fileBlobs({ directory, durability: 'process' })
  await writeFile(join(directory, 'partial', 'half'), 'x')
  await fileBlobs({ directory, durability: 'process' })
  assert.deepEqual(await readdir(join(directory, 'partial')), [])
  await rm(directory, { recursive: true })
})
