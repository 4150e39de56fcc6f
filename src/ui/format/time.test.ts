import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAgo, formatDuration, formatPeriod } from './time.ts'

const now = Date.UTC(2026, 10, 21, 12)

test('a moment is shown relative to now, in both directions', () => {
  assert.equal(formatAgo(now - 2_000, now), 'just now')
  assert.equal(formatAgo(now - 59_000, now), '59 s ago')
  assert.equal(formatAgo(now - 3_600_000, now), '1 h ago')
  assert.equal(formatAgo(now + 7_200_000, now), 'in 2 h')
  assert.equal(formatAgo(now + 117 * 60_000, now), 'in 1 h 57 min')
  assert.equal(formatAgo(now - 117 * 60_000, now), '1 h ago')
})

test('a duration has at most two units', () => {
  assert.equal(formatDuration(12), '12 ms')
  assert.equal(formatDuration(1_234), '1.2 s')
  assert.equal(formatDuration(125_000), '2 min 5 s')
  assert.equal(formatDuration(3_660_000), '1 h 1 min')
})

test('a period is named in its zone', () => {
  const start = Date.UTC(2026, 10, 20, 18, 30)
  assert.match(formatPeriod(start, 'day', 'Asia/Kolkata'), /21/)
  assert.match(formatPeriod(start, 'day', 'UTC'), /20/)
  assert.equal(formatPeriod(Date.UTC(2026, 9, 1), 'quarter', 'UTC'), 'Q4 2026')
  assert.equal(formatPeriod(Date.UTC(2026, 2, 1), 'quarter', 'UTC'), 'Q1 2026')
})
