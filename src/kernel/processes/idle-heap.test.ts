import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { collectGarbage, idleCollector } from './idle-heap.ts'

const mebibyte = 2 ** 20

/** A heap whose collections leave `left` bytes. */
function heapOf(utilization: number, young: number, left: number, maxYoungBytes?: number) {
  let collections = 0
  const heap = {
    utilization: () => utilization,
    youngBytes: () => young,
    collect: () => {
      collections += 1
      young = left
    },
  }
  return {
    look: idleCollector(heap, maxYoungBytes),
    collections: () => collections,
    grow: (bytes: number) => (young = bytes),
  }
}

test('the heap is collected when the event loop is idle and the young space is large, and again when it has grown', () => {
  const idle = heapOf(0.01, 40 * mebibyte, mebibyte)
  for (let look = 0; look < 10; look++) idle.look()
  assert.equal(idle.collections(), 1)
  idle.grow(40 * mebibyte)
  idle.look()
  assert.equal(idle.collections(), 2)
})

test('a busy server and a small young space are left alone', () => {
  for (const quiet of [heapOf(0.5, 40 * mebibyte, mebibyte), heapOf(0.01, mebibyte, mebibyte)]) {
    for (let look = 0; look < 10; look++) quiet.look()
    assert.equal(quiet.collections(), 0)
  }
})

test('a process may keep less than usual', () => {
  const small = heapOf(0.01, 6 * mebibyte, mebibyte, 4 * mebibyte)
  for (let look = 0; look < 10; look++) small.look()
  assert.equal(small.collections(), 1)
})

test('collections without effect become rare', () => {
  const stubborn = heapOf(0.01, 40 * mebibyte, 40 * mebibyte)
  for (let look = 0; look < 1_000; look++) stubborn.look()
  assert.ok(stubborn.collections() >= 10 && stubborn.collections() <= 25, `${stubborn.collections()} collections`)
})

test('a collection takes what nothing refers to', async () => {
  const reference = new WeakRef({ large: Array.from({ length: 1_000 }, (_, index) => index) })
  await setImmediate()
  collectGarbage()
  await setImmediate()
  assert.equal(reference.deref(), undefined)
})
