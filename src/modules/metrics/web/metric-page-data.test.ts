import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MetricPoint } from '#core/metric'
import type { LivePoint } from '#ui/frames'
import { baseOfPoint, chartPoints, lastRowAt, shownValue, zeroFrom } from './metric-page-data.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-28T00:00:00Z')
const at = (hours: number): string => new Date(start + hours * hour).toISOString()
const read = (hours: number, value: number | null, state: MetricPoint['state'] = 'final'): MetricPoint => ({
  start: at(hours),
  end: at(hours + 1),
  value,
  state,
  dataPoints: value === null ? 0 : 1,
})
const streamed = (hours: number, value: number, dataPoints = 1): LivePoint => ({
  code: 'M',
  period: 'hour',
  start: at(hours),
  value,
  state: 'open',
  dataPoints,
})
const shown = (points: readonly MetricPoint[], live: readonly LivePoint[], zeroSince: number | undefined) =>
  chartPoints({
    code: 'M',
    period: 'hour',
    read: points,
    live,
    span: { from: start, to: start + 4 * hour },
    zeroSince,
    now: start + 2.5 * hour,
  }).map(({ value }) => value)

test('a sum of no rows is zero once there were rows; an average of none is a gap', () => {
  const points = [read(0, null), read(1, 5), read(2, null, 'open'), read(3, null, 'open')]
  assert.deepEqual(shown(points, [], zeroFrom({ type: 'count' }, at(1))), [null, 5, 0])
  assert.deepEqual(shown(points, [], zeroFrom({ type: 'avg', expression: 'a' }, at(1))), [null, 5, null])
  assert.deepEqual(shown(points, [], zeroFrom({ type: 'count' }, undefined)), [null, 5, null])
})

test('rows that are there and add up to nothing known are no zero', () => {
  assert.equal(shownValue({ start: at(1), end: at(2), value: null, dataPoints: 3 }, start), null)
})

test('a page that is open shows what a fresh one shows: nothing beyond its range', () => {
  const points = [read(1, 5), read(2, 1, 'open')]
  const beyond = [streamed(2, 3), streamed(40_000, 77), streamed(-2, 9)]
  assert.deepEqual(shown(points, beyond, start), [5, 3])
})

test('the base has the name of the chosen comparison, and says when its rows begin', () => {
  const compare = { start: at(-168), end: at(-167.5), value: 4, dataPoints: 1, elapsed: true, partial: true } as const
  const point = { state: 'open', compare } as const
  const first = '2026-11-21T00:10:00.000Z'
  assert.deepEqual(baseOfPoint({ point, period: 'hour', first, zeroSince: undefined, chosen: 'a week before' }), {
    value: 4,
    name: 'the same part of the hour a week before',
    since: Date.parse(first),
  })
  const { partial: _, ...whole } = compare
  assert.deepEqual(baseOfPoint({ point: { ...point, compare: whole }, period: 'day', first, zeroSince: undefined }), {
    value: 4,
    name: 'the same part of yesterday',
    since: undefined,
  })
  const { elapsed: __, ...over } = whole
  const past = { state: 'final', compare: over } as const
  for (const [period, name] of [
    ['day', 'the day before'],
    ['week', 'the week before'],
  ] as const)
    assert.equal(baseOfPoint({ point: past, period, first, zeroSince: undefined }).name, name)
})

test('nothing came since the last row that was read, unless newer ones came over the connection', () => {
  const answer = { points: [read(1, 5), read(2, null, 'open')], extent: { first: at(0), last: at(1.5) } }
  assert.equal(lastRowAt(answer, undefined), start + 1.5 * hour)
  assert.equal(lastRowAt(answer, streamed(1, 5)), start + 1.5 * hour)
  assert.equal(lastRowAt(answer, streamed(2, 1)), undefined)
  assert.equal(lastRowAt({ points: [] }, undefined), undefined)
})
