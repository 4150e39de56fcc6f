import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channel, stretch, thickness } from './flow-shape.ts'

test('more rows never flow thinner, and a few are still seen', () => {
  const sizes = [0, 1, 10, 1_000, 50_000, 100_000].map((rows) => thickness(rows, 100_000))
  assert.deepEqual(sizes, sizes.toSorted((a, b) => a - b))
  assert.ok((sizes[1] ?? 0) >= channel.thinnest)
  assert.equal(sizes.at(-1), channel.thickest)
})

test('stretches meet without a step', () => {
  const [one, two] = [stretch(40, 20), stretch(20, 8)]
  assert.match(one, /L100 24L100 44/)
  assert.match(two, /^M0 24.*L0 44Z$/)
})
