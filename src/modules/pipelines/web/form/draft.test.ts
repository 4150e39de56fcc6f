import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blankDraft, bodyOf, isStarted, readDraft, valueAt, withMade } from './draft.ts'

test('the code view takes a definition, and says why it takes none', () => {
  const draft = readDraft(
    '{"name":"x","source":{"type":"file","config":{"path":"a.csv"}},"transformations":[{"type":"filter"}]}',
  )
  assert.deepEqual(draft, {
    name: 'x',
    type: 'batch',
    source: { type: 'file', config: { path: 'a.csv' } },
    transformations: [{ type: 'filter', config: {} }],
    destination: { type: '', config: {} },
  })
  assert.match(String(readDraft('{')), /not JSON yet/)
  assert.equal(readDraft('[]'), 'A pipeline is a JSON object.')
})

test('the code view keeps the connection of an end, and asks about it', () => {
  const source = { connection: 'shop', streams: [{ name: 'public.orders' }] }
  const draft = readDraft(JSON.stringify({ source, destination: { type: 'dataset' } }))
  assert.ok(typeof draft === 'object' && isStarted(draft))
  assert.deepEqual(draft.source, { ...source, type: '', config: {} })
})

test('an empty schedule is none', () => {
  assert.equal('schedule' in bodyOf({ ...blankDraft, schedule: '' }), false)
  assert.equal(bodyOf({ ...blankDraft, schedule: '0 * * * *' }).schedule, '0 * * * *')
})

test('a draft is worth asking about once both its ends are chosen', () => {
  assert.equal(isStarted(blankDraft), false)
  assert.equal(isStarted({ ...blankDraft, source: { type: 'file', config: {} } }), true)
})

test('a path leads to its value', () => {
  const draft = { ...blankDraft, transformations: [{ type: 'filter', config: { field: 'status' } }] }
  assert.equal(valueAt(draft, 'transformations.0.config.field'), 'status')
  assert.equal(valueAt(draft, 'source.config.path'), undefined)
})

test('a connection that was made for an end is chosen there, and the settings of another server are left out', () => {
  const open = { type: 'postgresql', connection: '', config: { table: 'orders' } }
  const made = { end: 'source', connection: 'shop' }
  const { source } = withMade({ ...blankDraft, source: open }, made)
  assert.deepEqual(source, { ...open, connection: 'shop' })
  const own = { type: 'postgresql', config: { host: 'db', table: 'orders' } }
  assert.deepEqual(withMade({ ...blankDraft, source: own }, made).source, { type: '', connection: 'shop', config: {} })
  assert.equal(withMade(blankDraft, { end: 'transformations', connection: 'shop' }), blankDraft)
  assert.equal(withMade(blankDraft, {}), blankDraft)
})
