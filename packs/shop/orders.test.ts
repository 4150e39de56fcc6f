import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics } from './metrics.ts'
import { orders } from './orders.ts'

const noon = Date.UTC(2026, 10, 21, 12)

test('the same window always has the same orders', () => {
  assert.deepEqual(orders.events(noon, noon + 60_000), orders.events(noon, noon + 60_000))
})

test('windows that follow each other hold every order once', () => {
  const whole = orders.events(noon, noon + 600_000)
  const pieces = Array.from({ length: 60 }, (_, index) =>
    orders.events(noon + index * 10_000, noon + (index + 1) * 10_000),
  ).flat()
  assert.deepEqual(pieces, whole)
  assert.equal(new Set(whole.map((order) => order.order_id)).size, whole.length)
})

test('nights are quieter than evenings', () => {
  const night = orders.events(noon - 9 * 3_600_000, noon - 8 * 3_600_000).length
  const evening = orders.events(noon + 7 * 3_600_000, noon + 8 * 3_600_000).length
  assert.ok(night > 500 && night < evening / 3, `${night} at night, ${evening} in the evening`)
})

test('an order never costs the shop more than a tenth above what it brings', () => {
  for (const order of orders.events(noon, noon + 600_000)) {
    assert.match(String(order.amount), /^\d+\.\d\d$/)
    assert.ok(Number(order.cost) < Number(order.amount) * 1.1, JSON.stringify(order))
  }
})

test('metric codes are unique and measure the orders', () => {
  assert.equal(new Set(metrics.map((metric) => metric.code)).size, 8)
  assert.ok(metrics.every((metric) => metric.dataset === orders.stream))
})
