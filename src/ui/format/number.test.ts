import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeBetween, formatBytes, formatCount, formatExact, formatNumber, formatPercentChange } from './number.ts'

test('nothing is a dash and never a zero', () => {
  assert.equal(formatNumber(null), '—')
  assert.equal(formatNumber(undefined, { unit: 'EUR' }), '—')
  assert.equal(formatNumber(0), '0')
  assert.equal(formatExact(null), '—')
})

test('large numbers are compact only where asked, and exact on demand', () => {
  assert.equal(formatNumber(1_234_567), '1,234,567')
  assert.equal(formatNumber(1_234_567, { compact: true }), '1.2M')
  assert.equal(formatNumber(9_999, { compact: true }), '9,999')
  assert.equal(formatNumber(123_456, { compact: true, unit: 'EUR' }), '€123K')
  assert.equal(formatExact(12.5, 'EUR'), '12.5\u202fEUR')
  assert.equal(formatExact(1, 'EUR', '12345678901234567890.12'), '12345678901234567890.12\u202fEUR')
})

test('units are shown with their number', () => {
  assert.equal(formatNumber(12.34, { unit: '%' }), '12.3%')
  assert.equal(formatNumber(41, { unit: 'orders' }), '41\u202forders')
  assert.equal(formatNumber(12.5, { unit: 'EUR' }), '€12.50')
  assert.equal(formatExact(12.25, '%'), '12.25%')
})

test('a change says both how much and by what share, and nothing over a base of zero', () => {
  assert.deepEqual(changeBetween(12, 10), { absolute: 2, relative: 0.2 })
  assert.deepEqual(changeBetween(12, 0), { absolute: 12, relative: undefined })
  assert.deepEqual(changeBetween(-5, -10), { absolute: 5, relative: 0.5 })
  assert.equal(changeBetween(null, 10), undefined)
  assert.equal(formatPercentChange(0.2), '+20%')
  assert.equal(formatPercentChange(-0.034), '−3.4%')
})

test('bytes and counts read as words', () => {
  assert.equal(formatBytes(0), '0\u202fB')
  assert.equal(formatBytes(1_500), '1.5\u202fkB')
  assert.equal(formatBytes(23_000_000), '23\u202fMB')
  assert.equal(formatCount(1, 'row'), '1 row')
  assert.equal(formatCount(2, 'row'), '2 rows')
})
