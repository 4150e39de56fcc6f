import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextWindow } from './window.ts'

const now = Date.UTC(2026, 10, 21, 12)

test('a new feed begins with its history, in windows of ten minutes', () => {
  const first = nextWindow(undefined, now, 3_600_000)
  assert.deepEqual(first, { from: now - 3_600_000, to: now - 3_000_000 })
})

test('windows follow each other without a gap until the present', () => {
  let done = now - 3_600_000
  let windows = 0
  for (;;) {
    const window = nextWindow({ done, planned: done }, now, 3_600_000)
    if (window === undefined) break
    assert.equal(window.from, done)
    done = window.to
    windows += 1
  }
  assert.equal(done, now)
  assert.equal(windows, 6)
})

test('a window that was planned before a crash is sent again exactly as planned', () => {
  assert.deepEqual(nextWindow({ done: now - 5000, planned: now - 3000 }, now, 60_000), {
    from: now - 5000,
    to: now - 3000,
  })
})

test('after a long pause only the last stretch of history is filled in', () => {
  const done = now - 10 * 86_400_000
  assert.equal(nextWindow({ done, planned: done }, now, 3_600_000)?.from, now - 3_600_000)
})

test('windows begin and end on whole seconds, and none is empty', () => {
  assert.equal(nextWindow({ done: now, planned: now }, now + 999, 60_000), undefined)
  assert.deepEqual(nextWindow({ done: now, planned: now }, now + 1999, 60_000), { from: now, to: now + 1000 })
})
