import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aligned, axisRange, isolated, steadyMaximum, summaryOf, type ChartSpec } from './chart-spec.ts'

const point = (at: number, value: number | null, state: 'open' | 'final' = 'final') => ({ at, value, state }) as const

test('series with different times share one column of times', () => {
  const { times, whole } = aligned(
    [
      { name: 'a', points: [point(1, 1), point(2, 2)] },
      { name: 'b', points: [point(2, 20), point(3, 30)] },
    ],
    'line',
  )
  assert.deepEqual(times, [1, 2, 3])
  assert.deepEqual(whole, [
    [1, 2, null],
    [null, 20, 30],
  ])
})

test('a line steps into its open bucket from the last whole one; a bar is drawn alone', () => {
  const series = [{ name: 'a', points: [point(1, 5), point(2, 2, 'open')] }]
  assert.deepEqual(aligned(series, 'line').open, [[5, 2]])
  assert.deepEqual(aligned(series, 'bar').open, [[null, 2]])
  assert.deepEqual(aligned(series, 'line').whole, [[5, null]])
})

test('the axis grows at once and shrinks late', () => {
  const first = steadyMaximum(undefined, 90)
  assert.equal(first, 100)
  assert.equal(steadyMaximum(first, 120), 150)
  assert.equal(steadyMaximum(150, 90), 150)
  assert.equal(steadyMaximum(150, 40), 50)
  assert.equal(steadyMaximum(undefined, 0), 1)
})

test('the axis holds zero and every value, above it and below', () => {
  assert.deepEqual(axisRange(undefined, 10, 90), [0, 100])
  assert.deepEqual(axisRange(undefined, -55, 40), [-60, 50])
  assert.deepEqual(axisRange(undefined, -0.004, -0.001), [-0.005, 0])
  assert.deepEqual(axisRange(undefined, 0, 0), [0, 1])
  const held = axisRange(undefined, -55, 40)
  assert.deepEqual(axisRange(held, -58, 41), [-70, 50])
  assert.deepEqual(axisRange(held, -40, 30), held)
  assert.deepEqual(axisRange(held, 3, 30), [0, 50])
})

test('a value between two gaps is a point', () => {
  assert.deepEqual(isolated([1, null, 2, 3, null, 4]), [0, 5])
  assert.deepEqual(isolated([]), [])
})

test('the summary says what the eye would see, and that a bucket is still filling', () => {
  const spec: ChartSpec = {
    title: 'Orders',
    kind: 'line',
    period: 'day',
    zone: 'UTC',
    series: [{ name: 'Orders', points: [point(0, 4), point(86_400_000, 1, 'open')] }],
  }
  assert.match(summaryOf(spec), /2 points by day, from 1 to 4, the latest 1 \(.*still filling\)/)
  assert.match(summaryOf({ ...spec, series: [{ name: 'Orders', points: [] }] }), /no values/)
})
