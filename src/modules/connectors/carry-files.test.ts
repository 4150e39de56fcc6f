import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Logger } from '#kernel/module'
import type { Metadata } from '#ports/metadata'
import { carrySharedFiles } from './carry-files.ts'

const disk = mkdtempSync(join(tmpdir(), 'millrace-carry-'))
const mounted = mount()
after(() => {
  if (mounted) execFileSync('umount', ['-l', disk])
  rmSync(disk, { recursive: true, force: true })
})

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test(
  'without room for the copies nothing is copied, nothing is recorded, and the sentence says how much is needed',
  { skip: mounted ? false : 'needs the right to mount a small tmpfs (root)' },
  async () => {
    await writeFile(join(disk, 'products.csv'), 'a\n1\n')
    const statements: string[] = []
    const query = async (text: string) => {
      statements.push(text)
      return { rows: [], affected: 0 }
    }
    const carry = carrySharedFiles(
      { folders: [disk], home: join(disk, 'home') },
      { system: { query } } as unknown as Metadata,
      { info() {} } as unknown as Logger,
    )
    await assert.rejects(
      carry([{ workspace: 'demo', path: 'products.csv' }], async () => {}),
      /needs \d+ bytes; \d+ are free/,
    )
    assert.deepEqual(
      (await readdir(disk, { recursive: true })).filter((name) => name.endsWith('.csv')),
      ['products.csv'],
    )
    assert.ok(!statements.some((text) => text.startsWith('insert')))
  },
)
