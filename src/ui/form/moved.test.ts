import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moved } from './moved.ts'

test('what moves changes its place, and beyond the ends there is none', () => {
  assert.deepEqual(moved(['a', 'b', 'c'], 0, 2), ['b', 'c', 'a'])
  assert.deepEqual(moved(['a', 'b'], 0, -1), ['a', 'b'])
  assert.deepEqual(moved(['a', 'b'], 1, 2), ['a', 'b'])
})
