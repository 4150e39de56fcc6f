import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oncePerKey } from './once-per-key.ts'

test('a key is made once, also for callers at the same time, and again after a failure', async () => {
  let made = 0
  const kept = oncePerKey<number>()
  const make = async () => (made += 1)
  assert.deepEqual(await Promise.all([kept('a', make), kept('a', make), kept('b', make)]), [1, 1, 2])
  const failing = () => Promise.reject(new Error('no'))
  await Promise.all([assert.rejects(kept('c', failing)), assert.rejects(kept('c', failing))])
  assert.equal(await kept('c', make), 3)
})

test('more keys than are kept begin anew, and a failure of before forgets nothing of after', async () => {
  const kept = oncePerKey<string>({ maxKept: 1 })
  const { promise, reject } = Promise.withResolvers<string>()
  const late = assert.rejects(kept('a', () => promise))
  assert.equal(await kept('b', async () => 'b'), 'b')
  assert.equal(await kept('a', async () => 'new'), 'new')
  reject(new Error('late'))
  await late
  assert.equal(await kept('a', async () => 'newer'), 'new')
})
