import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { diskProbe } from './disk-probe.ts'

const disk = mkdtempSync(join(tmpdir(), 'millrace-probe-'))
const mounted = mount()
after(() => {
  if (mounted) execFileSync('umount', ['-l', disk])
  rmSync(disk, { recursive: true, force: true })
})

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

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

test(
  'a full disk is said to be full until there is room again',
  { skip: mounted ? false : 'needs the right to mount a small tmpfs (root)' },
  async () => {
    let now = 0
    const probe = diskProbe(disk, () => (now += 10_000))
    assert.equal((await probe()).ok, true)
    await writeFile(join(disk, 'ballast'), Buffer.alloc(30 << 20))
    assert.match((await probe()).detail ?? '', /is full: \d+ bytes are free/)
    await rm(join(disk, 'ballast'))
    assert.equal((await probe()).ok, true)
  },
)
