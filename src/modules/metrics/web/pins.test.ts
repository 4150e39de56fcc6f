import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maxPins } from '#core/home-pins'
import { canPin, orderForUndo, pinMoved, withoutPin, withPin, withPinBack } from './pins.ts'

test('a pin comes last, once, and as long as there is room', () => {
  assert.deepEqual(withPin('C')(['A', 'B']), ['A', 'B', 'C'])
  assert.deepEqual(withPin('A')(['A', 'B']), ['A', 'B'])
  const full = Array.from({ length: maxPins }, (_, index) => `M${index}`)
  assert.deepEqual([canPin(full), withPin('C')(full)], [false, full])
})

test('several pins that were removed come back to their places, in whatever order they are put back', () => {
  const all = ['A', 'B', 'C', 'D', 'E']
  const some = fc.shuffledSubarray(all, { minLength: 1 })
  const cases = some.chain((removed) =>
    fc.tuple(fc.constant(removed), fc.shuffledSubarray(removed, { minLength: removed.length })),
  )
  fc.assert(
    fc.property(cases, ([removed, returned]) => {
      let codes: readonly string[] = all
      let order: readonly string[] = all
      const orders = new Map<string, readonly string[]>()
      for (const code of removed) {
        order = orderForUndo(order, codes)
        orders.set(code, order)
        codes = withoutPin(code)(codes)
      }
      for (const code of returned) codes = withPinBack(code, orders.get(code)!)(codes)
      assert.deepEqual(codes, all)
    }),
  )
})

test('a pin that was removed after others were moved comes back to its place among them', () => {
  const order = orderForUndo(['A', 'B', 'C'], ['C', 'A', 'B'])
  assert.deepEqual(withPinBack('A', order)(withoutPin('A')(['C', 'A', 'B'])), ['C', 'A', 'B'])
})

test('a pin moves to the place of another one, and what is not pinned moves nothing', () => {
  assert.deepEqual(pinMoved('C', 'A')(['A', 'B', 'C']), ['C', 'A', 'B'])
  assert.deepEqual(pinMoved('A', 'C')(['A', 'B', 'C']), ['B', 'C', 'A'])
  assert.deepEqual(pinMoved('C', 'D')(['A', 'B', 'C']), ['A', 'B', 'C'])
  assert.deepEqual(pinMoved('D', 'A')(['A', 'B', 'C']), ['A', 'B', 'C'])
})
