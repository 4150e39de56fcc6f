import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { differencesBetween, stateText, type Difference } from './difference.ts'

test('only the places that differ are listed, each with both values', () => {
  assert.deepEqual(
    differencesBetween(
      { name: 'orders', schedule: { cron: '0 * * * *' }, steps: [{ type: 'filter' }, { type: 'rename' }] },
      { name: 'orders', schedule: { cron: '5 * * * *' }, steps: [{ type: 'filter' }], title: 'Orders' },
    ),
    [
      { at: 'schedule.cron', before: '0 * * * *', after: '5 * * * *' },
      { at: 'steps.1.type', before: 'rename' },
      { at: 'title', after: 'Orders' },
    ],
  )
})

test('a state that was made or removed is listed field by field, and null is a value', () => {
  assert.deepEqual(differencesBetween(undefined, { a: 1, b: null }), [
    { at: 'a', after: 1 },
    { at: 'b', after: null },
  ])
  assert.deepEqual(differencesBetween({ a: 1, b: {} }, undefined), [
    { at: 'a', before: 1 },
    { at: 'b', before: {} },
  ])
  assert.deepEqual(differencesBetween(1, [1]), [{ at: '', before: 1, after: [1] }])
  assert.equal(stateText('as it is'), 'as it is')
})

test('two states differ at the same places in both directions, and at none when they are equal', () => {
  const state = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify({ value })) as unknown)
  const plain = (value: unknown): boolean => !/"[^"]*\.[^"]*":|"":|__proto__/.test(JSON.stringify(value))
  fc.assert(
    fc.property(state.filter(plain), state.filter(plain), (before, after) => {
      const places = (differences: readonly Difference[]) => differences.map(({ at }) => at)
      const forth = differencesBetween(before, after)
      assert.deepEqual(places(differencesBetween(after, before)).toSorted(), places(forth).toSorted())
      assert.equal(forth.length === 0, JSON.stringify(withSortedKeys(before)) === JSON.stringify(withSortedKeys(after)))
    }),
  )
})

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { entries: entries.map(([name, one]) => [name, withSortedKeys(one)]) }
}
