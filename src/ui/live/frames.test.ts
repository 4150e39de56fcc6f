import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldAfter, keyOf, nothingHeld, overlaid, readFrame, type Frame, type LivePoint } from './frames.ts'

function point(value: number, more: Partial<LivePoint> = {}): LivePoint {
  return {
    code: 'SAL.REV',
    period: 'minute',
    start: '2026-11-21T10:00:00Z',
    value,
    state: 'open',
    dataPoints: 1,
    ...more,
  }
}
function frame(type: 'snapshot' | 'update', offset: number, points: LivePoint[], epoch = 'a'): Frame {
  return { type, epoch, offset, at: '2026-11-21T10:00:01Z', points }
}
const values = (held: typeof nothingHeld) => [...held.points.values()].map((p) => p.value)

test('a point replaces the one with the same code, period, start and dims', () => {
  let held = heldAfter(nothingHeld, frame('snapshot', 1, [point(1), point(5, { dims: { region: 'north' } })]))
  held = heldAfter(held, frame('update', 2, [point(2)]))
  assert.deepEqual(values(held), [2, 5])
})

test('a point of a filtered tile does not replace the one of the whole metric', () => {
  const held = heldAfter(nothingHeld, frame('snapshot', 1, [point(9), point(4, { tile: 2 })]))
  assert.deepEqual(values(held), [9, 4])
})

test('the same moment written in two ways is one point', () => {
  assert.equal(keyOf(point(1)), keyOf(point(2, { start: '2026-11-21T10:00:00.000Z' })))
  assert.equal(keyOf(point(1, { dims: { a: '1', b: '2' } })), keyOf(point(1, { dims: { b: '2', a: '1' } })))
})

test('an older frame of the same epoch changes nothing', () => {
  const held = heldAfter(nothingHeld, frame('snapshot', 7, [point(7)]))
  assert.equal(heldAfter(held, frame('update', 7, [point(1)])), held)
  assert.equal(heldAfter(held, frame('update', 3, [point(1)])), held)
})

test('a new epoch is believed only from a snapshot on, which replaces all', () => {
  const held = heldAfter(nothingHeld, frame('snapshot', 9, [point(9), point(3, { start: '2026-11-21T09:59:00Z' })]))
  assert.equal(heldAfter(held, frame('update', 10, [point(1)], 'b')), held)
  assert.deepEqual(values(heldAfter(held, frame('snapshot', 1, [point(4)], 'b'))), [4])
})

test('heartbeats and rubbish change nothing', () => {
  const held = heldAfter(nothingHeld, frame('snapshot', 1, [point(1)]))
  assert.equal(heldAfter(held, { type: 'heartbeat', at: '' }), held)
  assert.equal(readFrame('not json'), undefined)
  assert.equal(readFrame('null'), undefined)
})

test('live points lie over those that were read, in order of time', () => {
  const read = [point(1), point(2, { start: '2026-11-21T10:01:00Z' })]
  const live = [point(5, { start: '2026-11-21T10:02:00Z' }), point(3, { start: '2026-11-21T10:01:00Z' })]
  assert.deepEqual(
    overlaid(read, live, keyOf).map((p) => p.value),
    [1, 3, 5],
  )
})
