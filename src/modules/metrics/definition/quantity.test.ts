import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { divide, fraction, show } from './quantity.ts'

test('a decimal that a number can hold is shown as one', () => {
  assert.deepEqual(show(fraction('12.5000'), '12.5000'), { value: 12.5 })
  assert.deepEqual(show(fraction('-0.10'), '-0.10'), { value: -0.1 })
  assert.deepEqual(show(fraction('0.0000001'), '0.0000001'), { value: 1e-7 })
})

test('digits that a number would lose go along as text', () => {
  assert.deepEqual(show(fraction('9007199254740993'), '9007199254740993'), {
    value: 9007199254740992,
    exact: '9007199254740993',
  })
  assert.deepEqual(show(fraction('12345678901234567.890'), '12345678901234567.890'), {
    value: 12345678901234568,
    exact: '12345678901234567.89',
  })
})

test('a ratio divides last and exactly, and of nothing it is null', () => {
  assert.equal(show(divide(fraction('0.3'), fraction('0.1')), undefined).value, 3)
  assert.equal(show(divide(fraction('-1'), fraction('-8')), undefined).value, 0.125)
  assert.equal(divide(fraction('1'), fraction('0.00')), null)
  assert.equal(divide(1.5, 0), null)
  assert.equal(divide(null, fraction('2')), null)
})

test('sums beyond all numbers are null with a word, not a wrong number', () => {
  assert.deepEqual(show(Number.POSITIVE_INFINITY, undefined), { value: null, exact: 'Infinity' })
})

test('dividing whole numbers that fit gives the number JavaScript gives', () => {
  fc.assert(
    fc.property(
      fc.maxSafeInteger(),
      fc.maxSafeInteger().filter((bottom) => bottom !== 0),
      (top, bottom) => {
        assert.equal(show(divide(fraction(String(top)), fraction(String(bottom))), undefined).value, top / bottom + 0)
      },
    ),
    // Just above the middle between two doubles.
    { examples: [[12, 9007199254740974]] },
  )
})
