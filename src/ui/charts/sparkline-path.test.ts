import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sparkShape } from './sparkline-path.ts'

test('the open bucket is a step of its own and never part of the solid line', () => {
  const shape = sparkShape(
    [
      { at: 0, value: 0, open: false },
      { at: 1, value: 10, open: false },
      { at: 2, value: 4, open: true },
    ],
    100,
    24,
  )
  assert.equal(shape.line, 'M0 22L50 2')
  assert.equal(shape.dashed, 'M50 2L100 14')
  assert.deepEqual(shape.end, { x: 100, y: 14 })
})

test('nothing draws nothing', () => {
  assert.deepEqual(sparkShape([], 100, 24), { line: '', area: '', dashed: '', openArea: '', end: undefined })
  assert.equal(sparkShape([{ at: 0, value: null, open: false }], 100, 24).line, '')
})

test('a flat line and a single point have a place', () => {
  const flat = sparkShape(
    [
      { at: 0, value: 0, open: false },
      { at: 1, value: 0, open: false },
    ],
    100,
    24,
  )
  assert.equal(flat.line, 'M0 22L100 22')
  assert.deepEqual(sparkShape([{ at: 5, value: 3, open: false }], 100, 24).end, { x: 100, y: 2 })
})

test('a period without a value is a gap, not a line across it', () => {
  const points = [1, 2, null, 3, 4].map((value, at) => ({ at, value, open: false }))
  const { line, area } = sparkShape(points, 100, 24)
  assert.equal(line, 'M0 17L25 12M75 7L100 2')
  assert.equal(area, 'M0 17L25 12L25 24L0 24ZM75 7L100 2L100 24L75 24Z')
})

test('values below zero hang from zero and stay inside', () => {
  const points = [-5, -10].map((value, at) => ({ at, value, open: false }))
  const { line, area } = sparkShape(points, 100, 24)
  assert.equal(line, 'M0 12L100 22')
  assert.equal(area, 'M0 12L100 22L100 2L0 2Z')
})
