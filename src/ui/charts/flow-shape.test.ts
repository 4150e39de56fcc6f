import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channel, mouth, thickness } from './flow-shape.ts'

test('more rows never flow thinner, and a few are still seen', () => {
  const sizes = [0, 1, 10, 1_000, 50_000, 100_000].map((rows) => thickness(rows, 100_000))
  assert.deepEqual(sizes, sizes.toSorted((a, b) => a - b))
  assert.ok((sizes[1] ?? 0) >= channel.thinnest)
  assert.equal(sizes.at(-1), channel.thickest)
})

test('a step takes the channel as wide as the one before left it', () => {
  assert.match(mouth(40, 20), /^M0 12H.*H40V42.*52H0Z$/)
})

test('a spring begins at its gate', () => {
  assert.equal(mouth(undefined, 20), 'M16 22H40V42H16Z')
})
