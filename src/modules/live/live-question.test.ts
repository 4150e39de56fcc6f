import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMillraceError } from '#core/errors'
import { readWish } from './live-question.ts'

const wish = (query: string) => readWish(new URLSearchParams(query), 'M')

test('what an address leaves empty is not given', () => {
  const nothing = { period: undefined, zone: 'UTC', by: undefined, filter: undefined, resume: undefined }
  assert.deepEqual(wish(''), nothing)
  assert.deepEqual(wish('period=&zone=&by=&filter=&epoch=&offset='), nothing)
})

test('every problem of an address is reported, a misspelt parameter too', () => {
  assert.throws(
    () => wish('perod=day&period=dya&zone=Mars&filter=a%20%3E&_=1'),
    (error) => {
      assert.ok(isMillraceError(error))
      assert.deepEqual(
        error.problems.map((problem) => problem.code),
        ['unknown_parameter', 'unknown_period', 'unknown_zone', 'bad_filter'],
      )
      return error.problems[0]?.suggestion === 'period'
    },
  )
})
