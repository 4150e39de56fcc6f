import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { smallDisk } from '#tests/small-disk'
import { diskProbe } from './disk-probe.ts'

const disk = smallDisk(32)

test('the probe writes, leaves nothing behind and rests between two probes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-probe-rest-'))
  let now = 0
  const probe = diskProbe(folder, () => now)
  assert.deepEqual(await probe(), { ok: true })
  assert.deepEqual(await readdir(folder), [])
  rmSync(folder, { recursive: true })
  now = 1_999
  assert.deepEqual(await probe(), { ok: true })
  now = 2_000
  assert.match((await probe()).detail ?? '', /takes no writes: ENOENT/)
})

test('a full disk is said to be full until there is room again', { skip: disk.skip }, async () => {
  let now = 0
  const probe = diskProbe(disk.path, () => (now += 10_000))
  assert.equal((await probe()).ok, true)
  await writeFile(join(disk.path, 'ballast'), Buffer.alloc(30 << 20))
  assert.match((await probe()).detail ?? '', /is full: \d+ bytes are free/)
  await rm(join(disk.path, 'ballast'))
  assert.equal((await probe()).ok, true)
})
