import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detailText, problemText, remedyText } from './problem-text.ts'

test('advice to call the API is left out on pages, the rest of a remedy stays', () => {
  assert.equal(
    remedyText('List the jobs with GET /api/v1/jobs. Jobs that ended more than 30 days ago are no longer kept.'),
    'Jobs that ended more than 30 days ago are no longer kept.',
  )
  assert.equal(remedyText('List the metrics with GET /api/v1/metrics.'), undefined)
  assert.equal(remedyText('Choose another name. Get some rest.'), 'Choose another name. Get some rest.')
  assert.equal(
    remedyText('Correct the problems listed; POST /api/v1/pipelines/validate checks without saving.'),
    'Correct the problems listed.',
  )
  assert.equal(remedyText('Change it with PUT /api/v1/metrics/{code}, or choose another code.'), 'Choose another code.')
  assert.equal(
    remedyText('Send it again in a moment; a write with the same Idempotency-Key is safe to repeat.'),
    'Send it again in a moment.',
  )
  assert.equal(
    remedyText(
      'Read it again and repeat the change, or send it without "version" (a restore: without "current") to overwrite what others changed.',
    ),
    'Read it again and repeat the change.',
  )
  assert.equal(remedyText(undefined), undefined)
})

test('a suggestion is added where the message does not name it', () => {
  assert.equal(
    problemText({ message: 'There is no column "amonut".', suggestion: 'amount' }),
    'There is no column "amonut". (amount)',
  )
  assert.equal(problemText({ message: 'Write "amount".', suggestion: 'amount' }), 'Write "amount".')
})

test('what happened stays, the remedy behind it is that of a page', () => {
  assert.equal(
    detailText('There is no metric "M" in this workspace. List the metrics with GET /api/v1/metrics.'),
    'There is no metric "M" in this workspace.',
  )
  assert.equal(detailText('There is nothing at "/api/v1/x".'), 'There is nothing at "/api/v1/x".')
  assert.equal(detailText('no sentence'), 'no sentence')
})

test('an empty field is needed, and its JSON type is not said to people', () => {
  for (const message of ['This is needed: a string.', 'This is needed: a string, or "connection".'])
    assert.equal(problemText({ message }), 'This is needed.')
  const choice = 'This is needed: one of count, sum.'
  assert.equal(problemText({ message: choice }), choice)
})
