import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findZone, periodOf, previousPeriod, type PeriodName } from '#core/period'
import { elapsedPart } from './elapsed.ts'
import type { QuestionPlan } from './question-sql.ts'

/** The end of the part, and what its plan reads. */
function shown(now: string, period: PeriodName, zoneName = 'UTC', byDate = false) {
  const zone = findZone(zoneName)!
  const at = Date.parse(now)
  const current = periodOf(at, period, zone)
  const cells = { table: { database: 'd', table: 't' }, grain: 15, filter: undefined }
  const plan = { metric: { byDate }, unit: 'minute', cells, edges: [], by: [] } as unknown as QuestionPlan
  const periods = [previousPeriod(current, period, zone), current]
  const part = elapsedPart({ plan, periods, baseOf: (index) => periods[index - 1], period, zone }, at)
  if (part === undefined) return 'whole'
  const read = part.plan === undefined ? 'nothing' : `${part.plan.unit} ${part.plan.cells?.grain ?? 'rows'}`
  return `${new Date(part.end).toISOString()} ${read}`
}

test('an open period is held against as much of the one before, to the minute', () => {
  assert.equal(shown('2026-11-21T10:34:20Z', 'day'), '2026-11-20T10:34:00.000Z minute 1')
  assert.equal(shown('2026-11-21T10:34:20Z', 'day', 'Asia/Kolkata'), '2026-11-20T10:34:00.000Z minute 1')
  assert.equal(shown('2026-11-21T10:34:20Z', 'month'), '2026-10-21T10:34:00.000Z minute 1')
})

test('an open minute is, to the second', () => {
  assert.equal(shown('2026-11-21T10:34:20.900Z', 'minute'), '2026-11-21T10:33:20.000Z second rows')
})

test('just after the start nothing has passed yet', () => {
  assert.equal(shown('2026-11-21T00:00:20Z', 'day'), '2026-11-20T00:00:00.000Z nothing')
})

test('a longer period never reaches past the shorter one before it', () => {
  assert.equal(shown('2026-03-31T12:00:00Z', 'month'), 'whole')
  assert.equal(shown('2026-10-25T22:30:00Z', 'day', 'Europe/Rome'), 'whole')
})

test('on a day that the clock changed, the time gone by counts', () => {
  // 15:00 in Rome, fourteen hours after midnight.
  assert.equal(shown('2026-03-29T13:00:00Z', 'day', 'Europe/Rome'), '2026-03-28T13:00:00.000Z minute 1')
})

test('dates count by the days begun', () => {
  assert.equal(shown('2026-11-20T10:00:00Z', 'week', 'UTC', true), '2026-11-14T00:00:00.000Z minute 15')
  assert.equal(shown('2026-11-20T10:00:00Z', 'day', 'UTC', true), 'whole')
})
