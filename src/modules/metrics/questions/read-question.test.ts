import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMillraceError } from '#core/errors'
import { readQuestion } from './read-question.ts'
import { KpiQuestion, ValuesQuery } from '../contract.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const address = (given: object) => readQuestion({ ...ValuesQuery.parse(given), code: 'M' }, now)
const body = (given: object) => readQuestion(KpiQuestion.parse({ code: 'M', ...given }), now)
const at = (ms: number) => new Date(ms).toISOString()

test('a body may name its columns as a list or as an address does', () => {
  assert.deepEqual(body({ by: ['region', 'channel'] }).by, ['region', 'channel'])
  assert.deepEqual(body({ by: 'region, channel' }).by, ['region', 'channel'])
  assert.deepEqual(address({ by: 'region,channel' }).by, ['region', 'channel'])
})

test('a day is a day of the zone, a time is a time', () => {
  const { from, to } = address({ zone: 'Asia/Kolkata', from: '2026-11-20', to: '2026-11-21T00:00:00+05:30' })
  assert.deepEqual([at(from), at(to)], ['2026-11-19T18:30:00.000Z', '2026-11-20T18:30:00.000Z'])
})

test('days that no calendar has are refused', () => {
  for (const from of ['2026-02-30', '2026-04-31T00:00:00Z', '2026-13-01', '2026-11-21T25:00:00Z', 'yesterday'])
    assert.equal(ValuesQuery.safeParse({ from }).success, false, from)
  for (const from of ['2028-02-29', '2026-11-21T00:00:00.123Z', '2026-11-21T10:00-08:00'])
    assert.equal(ValuesQuery.safeParse({ from }).success, true, from)
})

test('a filter in an address is an expression, or the object form as JSON', () => {
  const object = { field: 'region', operator: 'eq', value: 'eu' }
  assert.deepEqual(address({ filter: JSON.stringify(object) }).filter, object)
  assert.equal(address({ filter: "region = 'eu'" }).filter, "region = 'eu'")
})

test('a zone that does not exist is named', () => {
  assert.throws(
    () => address({ zone: 'Mars/Olympus' }),
    (error) => isMillraceError(error) && error.problems[0]?.code === 'unknown_zone',
  )
})

test('a comparison is the period before, or another range of times or of days of the zone', () => {
  const zone = 'Asia/Kolkata'
  assert.equal(address({ compare: 'previous' }).compare, 'previous')
  assert.deepEqual(address({ zone, compare: '2026-11-01..2026-11-08T00:00:00.5Z' }).compare, {
    from: Date.parse('2026-10-31T18:30:00Z'),
    to: Date.parse('2026-11-08T00:00:00.500Z'),
  })
  for (const wrong of [
    'next',
    '2026-11-01',
    '2026-11-01..',
    '2026-11-01..2026-02-30',
    '2026-11-01..2026-11-02..2026-11-03',
  ])
    assert.equal(ValuesQuery.safeParse({ compare: wrong }).success, false, wrong)
})

test('only a question that reaches now asks from when to when there are rows', () => {
  assert.equal(address({}).extent, true)
  assert.equal(address({ to: '2020-01-01' }).extent, undefined)
})
