import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findZone } from '#core/period'
import { basisOf, elapsedStretches } from './elapsed.ts'

const at = (text: string) => Date.parse(text)
const shown = (now: string, period: 'hour' | 'day' | 'month', zone = 'UTC') =>
  elapsedStretches(at(now), period, findZone(zone)!).map(
    ({ period: grain, from, to }) => `${grain} ${new Date(from).toISOString()} ${new Date(to).toISOString()}`,
  )

test('the elapsed part of yesterday is its hours, then its minutes', () => {
  assert.deepEqual(shown('2026-11-21T10:34:20Z', 'day'), [
    'hour 2026-11-20T00:00:00.000Z 2026-11-20T10:00:00.000Z',
    'minute 2026-11-20T10:00:00.000Z 2026-11-20T10:34:00.000Z',
  ])
})

test('stretches follow the zone, half hours included', () => {
  assert.deepEqual(
    shown('2026-11-21T10:34:20Z', 'day', 'Asia/Kolkata')[0],
    'hour 2026-11-19T18:30:00.000Z 2026-11-20T10:30:00.000Z',
  )
})

test('a longer month never reaches past the shorter one before it', () => {
  assert.deepEqual(shown('2026-03-31T12:00:00Z', 'month'), ['day 2026-02-01T00:00:00.000Z 2026-03-01T00:00:00.000Z'])
})

test('just after the start there is nothing to compare with yet', () => {
  assert.deepEqual(shown('2026-11-21T00:00:20Z', 'day'), [])
})

test('only what adds up is compared by its elapsed part', () => {
  assert.equal(basisOf({ type: 'count' }, 'day'), 'elapsed')
  assert.equal(basisOf({ type: 'avg', expression: 'amount' }, 'day'), 'whole')
  assert.equal(basisOf({ type: 'distinct', expression: 'customer' }, 'day'), 'none')
})
