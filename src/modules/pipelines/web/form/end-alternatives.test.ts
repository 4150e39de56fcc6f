import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectorItem } from '../pipeline-api.ts'
import { freshPart, otherWay } from './end-alternatives.ts'

const text = { type: 'string' }
const table = { schema: text, table: text }
const postgresql = {
  type: 'postgresql',
  settings: {
    connection: { type: 'object', properties: { host: text, schema: { ...text, default: 'public' } } },
    source: { type: 'object', properties: { host: text, schema: { ...text, default: 'public' }, table: text } },
    connected: { source: { type: 'object', properties: table } },
  },
} as unknown as ConnectorItem

test('a way back from a connection to own settings finds both as they were, and the table is the newest', () => {
  const own = { type: 'postgresql', config: { host: 'db', schema: 'public', table: 'orders' } }
  const unchosen = otherWay(own, undefined, postgresql, 'source')
  assert.deepEqual(unchosen, { type: 'postgresql', connection: '', config: { table: 'orders' } })
  const chosen = { ...unchosen, connection: 'shop', config: { table: 'people', schema: 'sales' } }
  const back = otherWay(chosen, own, postgresql, 'source')
  assert.deepEqual(back, { type: 'postgresql', config: { host: 'db', schema: 'public', table: 'people' } })
  assert.deepEqual(otherWay({ ...back, config: { ...back.config, table: 'x' } }, chosen, postgresql, 'source'), {
    ...chosen,
    config: { schema: 'sales', table: 'x' },
  })
})

test('a stream of a connection stays with it, and own settings keep their table', () => {
  const own = { type: 'postgresql', config: { host: 'db', table: 'orders' } }
  const chosen = { type: 'postgresql', connection: 'shop', streams: [{ name: 'public.people' }], config: {} }
  assert.deepEqual(otherWay(chosen, own, postgresql, 'source'), own)
  assert.deepEqual(otherWay(own, chosen, postgresql, 'source'), chosen)
})

test('an end begins with the defaults of its own settings, or with a connection to choose', () => {
  assert.deepEqual(freshPart(postgresql, 'source', 'own'), { type: 'postgresql', config: { schema: 'public' } })
  assert.deepEqual(freshPart(postgresql, 'source', 'connection'), { type: 'postgresql', connection: '', config: {} })
})
