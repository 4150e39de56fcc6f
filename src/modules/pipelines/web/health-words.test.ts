import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastAtWork } from './happened.ts'
import type { Pipeline, Run } from './pipeline-api.ts'
import { byHealth, healthOf } from './health-words.ts'

const run = (status: Run['status'], at: string) => ({ status, queuedAt: at, startedAt: at, finishedAt: at }) as Run
const pipeline = (more: Partial<Pipeline>) => ({ status: 'active', type: 'batch', ...more }) as Pipeline

test('a paused pipeline is paused, also after a failure', () => {
  const lastRun = run('failed', '2026-11-01T00:00:00Z')
  assert.equal(healthOf(pipeline({ lastRun })).word, 'Failing')
  assert.deepEqual(healthOf(pipeline({ status: 'paused', lastRun })), { tone: 'idle', word: 'Paused after a failure' })
  assert.equal(healthOf(pipeline({ status: 'paused' })).word, 'Paused')
})

test('of many pipelines those that ran last are looked at', () => {
  const many = Array.from({ length: 35 }, (_, n) => pipeline({ id: `p${n}` }))
  const ran = [pipeline({ id: 'old', lastRun: run('succeeded', '2026-11-01T00:00:00Z') }), pipeline({ id: 'new', lastRun: run('failed', '2026-11-02T00:00:00Z') })] // prettier-ignore
  assert.deepEqual(
    lastAtWork([...many, ...ran], 12).map(({ id }) => id),
    ['new', 'old'],
  )
})

test('failing pipelines come first, then those paused after a failure, and paused ones last', () => {
  const failed = run('failed', '2026-11-01T00:00:00Z')
  const fine = run('succeeded', '2026-11-01T00:00:00Z')
  const all = [
    pipeline({ name: 'paused', status: 'paused' }),
    pipeline({ name: 'fine', lastRun: fine }),
    pipeline({ name: 'paused failure', status: 'paused', lastRun: failed }),
    pipeline({ name: 'new' }),
    pipeline({ name: 'failing 10', lastRun: failed }),
    pipeline({ name: 'failing 9', lastRun: failed }),
  ]
  assert.deepEqual(
    all.toSorted(byHealth).map(({ name }) => name),
    ['failing 9', 'failing 10', 'paused failure', 'new', 'fine', 'paused'],
  )
})
