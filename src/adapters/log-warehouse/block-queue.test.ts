import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openQueue } from './block-queue.ts'

test('a block that comes at any moment after an answer is written', async () => {
  for (let hops = 0; hops < 12; hops++) {
    const written: string[] = []
    const queue = openQueue({
      lingerMs: 0,
      commit: async (group) => {
        await new Promise((resolve) => setImmediate(resolve))
        for (const { block, resolve } of group) {
          written.push(block.id)
          resolve({ rows: 0, to: '0' as never, duplicate: false })
        }
      },
    })
    const add = (id: string) => queue.add({ id, ndjson: new Uint8Array(), count: 0 })
    const first = add('first')
    let then: Promise<unknown> = first
    for (let hop = 0; hop < hops; hop++) then = then.then(() => undefined)
    const second = then.then(() => void add('second'))
    await first
    await second
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(written, ['first', 'second'], `${hops} steps after the answer`)
  }
})
