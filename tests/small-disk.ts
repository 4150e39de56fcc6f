/** For tests: a disk with little room, where this process may mount one. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

export interface SmallDisk {
  readonly path: string
  /** For the option `skip` of the tests that need it. */
  readonly skip: false | string
}

/** It is unmounted after the tests of the file. */
export function smallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'millrace-disk-'))
  const mounted = mount(path, megabytes)
  after(() => {
    if (mounted) execFileSync('umount', ['-l', path])
    rmSync(path, { recursive: true, force: true })
  })
  return { path, skip: mounted ? false : 'needs the right to mount a small tmpfs (root)' }
}

function mount(path: string, megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
