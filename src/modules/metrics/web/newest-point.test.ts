import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LivePoint } from '#ui/frames'
import { newest } from './newest-point.ts'

test('the newest point is the latest of the calendar, in whatever order points came', () => {
  const point = (start: string): LivePoint => ({
    code: 'M',
    period: 'hour',
    start,
    value: 1,
    state: 'open',
    dataPoints: 1,
  })
  const [early, late] = [point('2026-11-21T09:00:00Z'), point('2026-11-21T11:00:00+01:00')]
  assert.equal(newest([late, early]), late)
  assert.equal(newest([]), undefined)
})
