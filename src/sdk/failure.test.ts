import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineErrors } from '#core/errors'
import { defineFailures, diagnosisOf, failureOf, isMillraceError, isTransient } from './index.ts'

const failures = defineFailures('shop', {
  status: {
    kind: 'unavailable',
    failure: ({ status }: { status: number }) => (status === 429 ? 'rate_limited' : 'not_found'),
    title: 'Status',
    says: (p: { status: number }) => `Status ${p.status}.`,
  },
})
const others = defineErrors('others', {
  gone: { kind: 'unavailable', title: 'Gone', says: () => 'It is gone.' },
  bug: { kind: 'bug', title: 'Bug', says: () => 'A bug.' },
})

test('retry depends on the kind of a failure, not on the kind of its answer', () => {
  assert.equal(isTransient(failures.status({ status: 429 })), true)
  assert.equal(isTransient(failures.status({ status: 404 })), false)
  assert.equal(isTransient(others.gone({})), true)
  assert.equal(isTransient(others.bug({})), false)
  assert.equal(isTransient(new Error('connection refused')), false)
})

test('a failure is an error of its catalogue that says when to try again', () => {
  const failure = failures.status({ status: 429 }, { retryAt: '2026-01-01T00:00:00.000Z' })
  assert.ok(isMillraceError(failure))
  assert.deepEqual([failure.code, failure.status], ['shop.status', 503])
  assert.deepEqual(failureOf(failure), { kind: 'rate_limited', retryAt: '2026-01-01T00:00:00.000Z' })
})

test('a diagnosis always says what to do next, and a bug has none', () => {
  assert.deepEqual(diagnosisOf(failures.status({ status: 404 })), {
    kind: 'not_found',
    detail: 'Status 404.',
    remedy: 'Correct the name.',
  })
  assert.equal(diagnosisOf(others.bug({})), undefined)
})
