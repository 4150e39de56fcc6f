import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LivePoint } from '#ui/frames'
import { filterText, pointsOfTile } from './tile-points.ts'

const point = (value: number, more: Partial<LivePoint> = {}): LivePoint => ({
  code: 'REV',
  period: 'hour',
  start: '2026-11-21T10:00:00Z',
  value,
  state: 'open',
  dataPoints: 1,
  ...more,
})
const points = [
  point(10),
  point(8, { start: '2026-11-21T09:00:00Z' }),
  point(4, { tile: 1 }),
  point(6, { dims: { region: 'north' } }),
  point(7, { code: 'COUNT' }),
]
const numbers = (found: readonly LivePoint[]) => found.map(({ value }) => value)

test('a tile shows the points of its own filter, and never a group for the whole', () => {
  assert.deepEqual(numbers(pointsOfTile(points, { metric: 'REV' }, 0)), [10, 8])
  assert.deepEqual(numbers(pointsOfTile(points, { metric: 'REV', filter: "region = 'south'" }, 1)), [4])
})

test('a filter is asked as it is written, an object as JSON', () => {
  assert.equal(filterText({ filter: 'a = 1' }), 'a = 1')
  assert.equal(
    filterText({ filter: { field: 'a', operator: 'eq', value: 1 } }),
    '{"field":"a","operator":"eq","value":1}',
  )
  assert.equal(filterText({}), undefined)
})
