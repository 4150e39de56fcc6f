import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findZone } from '#core/period'
import { baseSpan, laidOver, shiftOf } from './compare.ts'

const utc = findZone('UTC')!
const rome = findZone('Europe/Rome')!
const at = (text: string) => Date.parse(text)
const point = (start: string, value: number) => ({ start, end: start, value, state: 'final', dataPoints: 1 }) as const

test('the range before is as long as the range', () => {
  const span = { from: at('2026-11-20T00:00:00Z'), to: at('2026-11-21T00:00:00Z') }
  const shift = shiftOf('before', span)
  assert.equal(shift, 86_400_000)
  assert.deepEqual(baseSpan(span, shift ?? 0, 'hour', utc), {
    from: at('2026-11-19T00:00:00Z'),
    to: at('2026-11-20T00:00:00Z'),
  })
  assert.equal(shiftOf(undefined, span), undefined)
})

test('base points are drawn where they are compared', () => {
  assert.deepEqual(laidOver([point('2026-11-19T05:00:00Z', 7)], 86_400_000, 'hour', utc), [
    { at: at('2026-11-20T05:00:00Z'), value: 7, state: 'final' },
  ])
})

test('a change of the clock between the two leaves days on days', () => {
  const week = 7 * 86_400_000
  const before = at('2026-10-22T22:00:00Z') // 23 October in Rome, summer time
  assert.equal(
    laidOver([point(new Date(before).toISOString(), 1)], week, 'day', rome)[0]?.at,
    at('2026-10-29T23:00:00Z'),
  )
})
