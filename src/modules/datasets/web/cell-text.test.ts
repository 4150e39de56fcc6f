import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellOf } from '#ui/rows'
import { readable } from './cell-text.ts'

test('times lose their frame and their empty digits', () => {
  assert.equal(readable('2026-11-19T14:13:56.828000Z', 'timestamp'), '2026-11-19 14:13:56.828')
  assert.equal(readable('2026-11-19T14:13:56.000000Z', 'timestamp'), '2026-11-19 14:13:56')
  assert.equal(readable('2026-11-19T14:13:50Z', 'timestamp'), '2026-11-19 14:13:50')
})

test('decimals are shown with all their places, very fine ones without empty digits', () => {
  assert.equal(readable('9.9', 'decimal(12,2)'), '9.90')
  assert.equal(readable('649', 'decimal(12,2)'), '649.00')
  assert.equal(readable('1.5', 'decimal(38,9)'), '1.5')
  assert.equal(readable('12.5000000000000000000', 'decimal(38,19)'), '12.5')
  assert.equal(readable('300.0000000000000000000', 'decimal(38,19)'), '300')
})

test('what is no plain value is shown as JSON', () => {
  assert.equal(cellOf({ a: 1 }), '{"a":1}')
  assert.equal(cellOf(null), null)
})
