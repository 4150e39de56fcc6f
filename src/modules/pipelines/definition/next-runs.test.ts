import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextRunsOf } from './definition.ts'

const now = Date.parse('2026-03-28T12:00:00Z')

test('the next three times of a schedule are given in its zone, whatever else is wrong', () => {
  assert.deepEqual(nextRunsOf({ schedule: { cron: '30 2 * * *', zone: 'Europe/Berlin' } }, now), [
    '2026-03-29T01:30:00.000Z',
    '2026-03-30T00:30:00.000Z',
    '2026-03-31T00:30:00.000Z',
  ])
  assert.deepEqual(nextRunsOf({ name: 1, schedule: '0 */6 * * *' }, now), [
    '2026-03-28T18:00:00.000Z',
    '2026-03-29T00:00:00.000Z',
    '2026-03-29T06:00:00.000Z',
  ])
})

test('a schedule that is none has no next times, one that never comes again neither', () => {
  for (const body of [null, 'x', {}, { schedule: 'daily' }, { schedule: '0 25 * * *' }, { schedule: '0 0 30 2 *' }])
    assert.deepEqual(nextRunsOf(body, now), [])
})
