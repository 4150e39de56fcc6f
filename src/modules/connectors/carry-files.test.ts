import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Logger } from '#kernel/module'
import type { Metadata } from '#ports/metadata'
import { smallDisk } from '#tests/small-disk'
import { carrySharedFiles } from './carry-files.ts'

const disk = smallDisk(2)

test(
  'without room for the copies nothing is copied, nothing is recorded, and the sentence says how much is needed',
  { skip: disk.skip },
  async () => {
    await writeFile(join(disk.path, 'products.csv'), 'a\n1\n')
    const statements: string[] = []
    const query = async (text: string) => {
      statements.push(text)
      return { rows: [], affected: 0 }
    }
    const carry = carrySharedFiles(
      { folders: [disk.path], home: join(disk.path, 'home') },
      { system: { query } } as unknown as Metadata,
      { info() {} } as unknown as Logger,
    )
    await assert.rejects(
      carry([{ workspace: 'demo', path: 'products.csv' }], async () => {}),
      /needs \d+ bytes; \d+ are free/,
    )
    assert.deepEqual(
      (await readdir(disk.path, { recursive: true })).filter((name) => name.endsWith('.csv')),
      ['products.csv'],
    )
    assert.ok(!statements.some((text) => text.startsWith('insert')))
  },
)
