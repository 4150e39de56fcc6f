import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxPins } from '#core/home-pins'
import { canPin, pinMoved, withoutPin, withPin } from './pins.ts'

test('a pin comes last, once, and as long as there is room', () => {
  assert.deepEqual(withPin('C')(['A', 'B']), ['A', 'B', 'C'])
  assert.deepEqual(withPin('A')(['A', 'B']), ['A', 'B'])
  const full = Array.from({ length: maxPins }, (_, index) => `M${index}`)
  assert.deepEqual([canPin(full), withPin('C')(full)], [false, full])
})

test('a pin that was taken away comes back to its place', () => {
  const without = withoutPin('B')(['A', 'B', 'C'])
  assert.deepEqual(without, ['A', 'C'])
  assert.deepEqual(withPin('B', 1)(without), ['A', 'B', 'C'])
})

test('a pin moves to the place of another one, and what is not pinned moves nothing', () => {
  assert.deepEqual(pinMoved('C', 'A')(['A', 'B', 'C']), ['C', 'A', 'B'])
  assert.deepEqual(pinMoved('A', 'C')(['A', 'B', 'C']), ['B', 'C', 'A'])
  assert.deepEqual(pinMoved('C', 'D')(['A', 'B', 'C']), ['A', 'B', 'C'])
  assert.deepEqual(pinMoved('D', 'A')(['A', 'B', 'C']), ['A', 'B', 'C'])
})
