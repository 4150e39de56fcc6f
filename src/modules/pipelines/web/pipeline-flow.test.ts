import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PipelineDefinition, Run } from './pipeline-api.ts'
import { aboutStep, flowOf, wordFor } from './pipeline-flow.ts'

const definition: PipelineDefinition = {
  name: 'x',
  type: 'batch',
  source: { type: 'file', config: { path: 'customers.csv' } },
  transformations: [{ type: 'filter', config: { field: 'status', operator: 'eq', value: 'active' } }],
  destination: { type: 'dataset', config: { dataset: 'customers' } },
}
const step = (status: 'waiting' | 'running' | 'succeeded', rows: number | null) => ({
  name: 'x',
  status,
  rows,
  bytes: null,
  startedAt: null,
  finishedAt: null,
})
const run: Run = {
  id: 'r',
  pipelineId: 'p',
  status: 'running',
  trigger: 'person',
  version: 1,
  attempt: 1,
  bytes: 0,
  rows: { read: 100, written: 0, quarantined: 3 },
  queuedAt: '2026-11-21T10:00:00Z',
  startedAt: '2026-11-21T10:00:00Z',
  finishedAt: null,
  steps: [step('succeeded', 100), step('running', null), step('waiting', null)],
}

test('before any run the flow shows the steps and no numbers', () => {
  const flow = flowOf(definition, undefined)
  assert.deepEqual(
    flow.map(({ title, state }) => [title, state]),
    [
      ['File', 'idle'],
      ['Filter', 'idle'],
      ['Dataset', 'idle'],
    ],
  )
  assert.deepEqual(
    flow.map(({ about }) => about),
    ['customers.csv', 'status is active', 'customers'],
  )
  assert.equal(flow[0]?.rowsOut, undefined)
})

test('a run says of each step how far it is and how many rows passed', () => {
  const flow = flowOf(definition, run)
  assert.deepEqual(
    flow.map(({ state }) => state),
    ['done', 'running', 'waiting'],
  )
  assert.deepEqual(
    flow.map(({ rowsOut }) => rowsOut),
    [100, undefined, 0],
  )
})

test('rejected rows fall out where they are checked', () => {
  assert.equal(flowOf(definition, run).at(-1)?.aside, 3)
  const checked = flowOf({ ...definition, quality: [{ type: 'null' }] }, run)
  assert.equal(checked.find(({ id }) => id === 'check')?.aside, 3)
})

test('a step that ran when the run ended badly has failed', () => {
  assert.equal(flowOf(definition, { ...run, status: 'failed' })[1]?.state, 'failed')
})

test('a step that a run which ended did not come to was skipped, above as below', () => {
  const steps = [step('succeeded', 100), { ...step('waiting', null), status: 'failed' as const }, { ...step('waiting', null), status: 'skipped' as const }] // prettier-ignore
  assert.deepEqual(
    flowOf(definition, { ...run, status: 'failed', steps }).map(({ state }) => state),
    ['done', 'failed', 'skipped'],
  )
})

test('types read as words', () => {
  assert.equal(wordFor('postgresql'), 'PostgreSQL')
  assert.equal(wordFor('file'), 'File')
  assert.equal(aboutStep({ by: ['region', 'day'] }), 'by region, day')
  assert.equal(aboutStep({}), undefined)
  assert.equal(
    aboutStep({
      or: [
        { field: 'a', operator: 'gte', value: 1 },
        { field: 'b', operator: 'is_null' },
      ],
    }),
    'a is at least 1 or b is empty',
  )
})

test('a streaming run shows its sums, and all its steps at work', () => {
  const flow = flowOf(
    { ...definition, type: 'streaming' },
    { ...run, steps: [step('running', 1), step('succeeded', null), step('succeeded', 1)] },
  )
  assert.deepEqual(
    flow.map(({ state }) => state),
    ['running', 'running', 'running'],
  )
  assert.deepEqual(
    flow.map(({ rowsOut }) => rowsOut),
    [100, undefined, 0],
  )
})

test('a map says what it does to which columns', () => {
  assert.equal(aboutStep({ cast: { title: 'integer' } }), 'cast title')
  assert.equal(aboutStep({ select: ['a', 'b'] }), 'keep a, b')
})
