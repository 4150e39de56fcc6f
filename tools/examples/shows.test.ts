import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shows } from './shows.ts'

const point = { start: '2026-11-01T00:00:00Z', value: 12.5, dims: { region: 'north' }, exact: undefined }

test('what is shown holds as a whole', () => {
  shows(point, "{ start: '2026-11-01T00:00:00Z', value: 12.5, dims: { region: 'north' } }")
  shows([1n, null, true], '[1n, null, true]')
  shows(Number.NaN, 'NaN')
})

test('… matches anything, any text, and more', () => {
  shows(point, "{ start: '2026-…Z', value: …, … }")
  shows(point, '…')
  shows([1, 2, 3], '[1, …]')
  shows([], '[…]')
  shows('what … costs', '"what … costs"')
})

test('whatever differs is shown with what it really is', () => {
  for (const [actual, shown] of [
    [point, "{ start: '2026-…Z', value: 12.5 }"],
    [point, '{ value: 12, … }'],
    [point, '{ nothing: undefined, unit: …, … }'],
    [[1, 2], '[1]'],
    [[1], '[1, 2, …]'],
    [{ 0: 1 }, '[1]'],
    ['3', '3'],
    ['Zürich', "'Z…rich…!'"],
  ] as const)
    assert.throws(() => shows(actual, shown), /The example shows .*\nand it gives /, shown)
})

test('words that are no value are refused', () => {
  assert.throws(() => shows(1, '3 of them'), /is no value: 3 of them/)
})
