import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { difference } from './difference.ts'

test('fields are compared by name, lists by position, down to the values', () => {
  assert.deepEqual(
    difference(
      { name: 'a', source: { type: 'file', config: { path: 'x' } }, steps: [{ type: 'filter' }, { type: 'map' }] },
      { name: 'b', source: { type: 'file', config: { path: 'x', format: 'csv' } }, steps: [{ type: 'filter' }] },
    ),
    [
      { at: 'name', before: 'a', after: 'b' },
      { at: 'source.config.format', after: 'csv' },
      { at: 'steps[1]', before: { type: 'map' } },
    ],
  )
  assert.deepEqual(difference({ filter: ['a'] }, { filter: { 0: 'a' } }), [
    { at: 'filter', before: ['a'], after: { 0: 'a' } },
  ])
})

test('equal values have no difference, others have one at least', () => {
  const value = fc.jsonValue({ maxDepth: 4 }).map((made) => JSON.parse(JSON.stringify(made)) as unknown)
  fc.assert(
    fc.property(value, value, (one, other) => {
      assert.deepEqual(difference(one, structuredClone(one)), [])
      assert.equal(
        difference(one, other).length > 0,
        JSON.stringify(withSortedKeys(one)) !== JSON.stringify(withSortedKeys(other)),
      )
    }),
  )
})

/** With fields in order of their names, since their order is no difference. */
function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, withSortedKeys(field)]),
  )
}
