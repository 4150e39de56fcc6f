import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJobStatus, progressText, shareDone } from './job-words.ts'

test('only a running job that knows its total has a share', () => {
  assert.equal(shareDone({ status: 'running', progress: { done: 25, total: 100 } }), 0.25)
  assert.equal(shareDone({ status: 'running', progress: { done: 120, total: 100 } }), 1)
  assert.equal(shareDone({ status: 'running', progress: { done: 25 } }), undefined)
  assert.equal(shareDone({ status: 'running', progress: { done: 0, total: 0 } }), undefined)
  assert.equal(shareDone({ status: 'failed', progress: { done: 25, total: 100 } }), undefined)
  assert.equal(shareDone({ status: 'running', progress: null }), undefined)
})

test('progress reads as a sentence', () => {
  assert.equal(progressText({ progress: { done: 2, total: 5, note: 'reading orders' } }), '2 of 5, reading orders')
  assert.equal(progressText({ progress: { done: 2 } }), '2')
  assert.equal(progressText({ progress: null }), undefined)
})

test('a status of the URL is used only when there is such a status', () => {
  assert.ok(isJobStatus('failed'))
  assert.ok(!isJobStatus('toString'))
  assert.ok(!isJobStatus(undefined))
})
