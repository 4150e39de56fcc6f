import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findZone } from '#core/period'
import { readMoment, readPasted, readRange } from './grammar.ts'

const now = Date.parse('2026-11-21T10:34:20Z')
const utc = findZone('UTC')!
const at = (text: string, side: 'from' | 'to' = 'from', zone = utc) => {
  const moment = readMoment(text, side, now, zone)
  return moment === undefined ? undefined : new Date(moment).toISOString()
}

test('steps go back by the clock and by the calendar', () => {
  assert.equal(at('now-6h'), '2026-11-21T04:34:20.000Z')
  assert.equal(at('now-1d'), '2026-11-20T10:34:20.000Z')
  assert.equal(at('now-1w+2d'), '2026-11-16T10:34:20.000Z')
  assert.equal(at('now-9M'), '2026-02-21T10:34:20.000Z')
  assert.equal(at('now'), '2026-11-21T10:34:20.000Z')
})

test('a month before the 31st ends on the last day there is', () => {
  const end = Date.parse('2026-03-31T12:00:00Z')
  assert.equal(new Date(readMoment('now-1M', 'from', end, utc) ?? 0).toISOString(), '2026-02-28T12:00:00.000Z')
})

test('rounding opens at the start of the period and closes at its end', () => {
  assert.equal(at('now/d'), '2026-11-21T00:00:00.000Z')
  assert.equal(at('now/d', 'to'), '2026-11-22T00:00:00.000Z')
  assert.equal(at('now-1M/M'), '2026-10-01T00:00:00.000Z')
  assert.equal(at('now-1M/M', 'to'), '2026-11-01T00:00:00.000Z')
  assert.equal(at('now/Q'), '2026-10-01T00:00:00.000Z')
})

test('days are those of the zone, with half hours and changes of the clock', () => {
  assert.equal(at('now/d', 'from', findZone('Asia/Kolkata')!), '2026-11-20T18:30:00.000Z')
  const rome = findZone('Europe/Rome')!
  const afterChange = Date.parse('2026-10-26T11:00:00Z')
  assert.equal(new Date(readMoment('now-2d', 'from', afterChange, rome) ?? 0).toISOString(), '2026-10-24T10:00:00.000Z')
})

test('a date is its whole day; an instant is itself', () => {
  assert.deepEqual(readRange('2026-11-01', '2026-11-02', now, 'UTC'), {
    from: Date.UTC(2026, 10, 1),
    to: Date.UTC(2026, 10, 3),
  })
  assert.equal(at('2026-11-01T10:00:00+02:00'), '2026-11-01T08:00:00.000Z')
})

test('what is no moment, or runs backwards, is nothing', () => {
  for (const text of ['', 'yesterday', 'now-', 'now-6', 'now/x', '2026-13-01', 'now-6h/'])
    assert.equal(at(text), undefined, text)
  assert.equal(readRange('now', 'now-1h', now, 'UTC'), undefined)
})

test('a range can be pasted as one text', () => {
  assert.deepEqual(readPasted('now-6h to now'), { from: 'now-6h', to: 'now' })
  assert.deepEqual(readPasted('2026-11-01..2026-11-20'), { from: '2026-11-01', to: '2026-11-20' })
  assert.deepEqual(readPasted('now-7d/d'), { from: 'now-7d/d', to: 'now' })
  assert.equal(readPasted(''), undefined)
})
