import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectorItem } from '../pipeline-api.ts'
import { chosenConfig, endSchemas, isChosen, namedAfterStream, withoutSettings } from './end-settings.ts'

const text = { type: 'string' }
const connection = {
  type: 'object',
  properties: { host: text, password: { ...text, writeOnly: true } },
  required: ['host'],
}
const source = {
  type: 'object',
  properties: { ...connection.properties, schema: { ...text, default: 'public' }, table: text, query: text },
  required: ['host', 'schema'],
}
const postgresql = { settings: { connection, source } } as unknown as ConnectorItem

test('the settings of the server are separate from what is read there', () => {
  const schemas = endSchemas(postgresql, 'source')
  assert.deepEqual(Object.keys(schemas.connection?.properties ?? {}), ['host', 'password'])
  assert.deepEqual(schemas.connection?.required, ['host'])
  assert.deepEqual(Object.keys(schemas.rest.properties ?? {}), ['schema', 'table', 'query'])
  assert.deepEqual(Object.keys(withoutSettings(schemas.rest, ['query']).properties ?? {}), ['schema', 'table'])
  const beside = { settings: { connection, source, connected: { source: { properties: { table: text } } } } }
  const { rest } = endSchemas(beside as unknown as ConnectorItem, 'source', true)
  assert.deepEqual(Object.keys(rest.properties ?? {}), ['table'])
  assert.equal(endSchemas({ settings: { source } } as unknown as ConnectorItem, 'source').connection, undefined)
})

test('a table that is chosen keeps the connection and takes the place of a query', () => {
  const schemas = endSchemas(postgresql, 'source')
  const config = { host: 'db', password: 'p', query: 'select 1', schema: 'other' }
  assert.deepEqual(chosenConfig(schemas, config, { table: 'orders' }), { host: 'db', password: 'p', schema: 'public', table: 'orders' }) // prettier-ignore
  assert.equal(isChosen({ host: 'db', schema: 'public', table: 'orders' }, { schema: 'public', table: 'orders' }), true)
  assert.equal(isChosen({ host: 'db', table: 'orders' }, { schema: 'public', table: 'orders' }), false)
})

test('a dataset is not asked for where the server names it after the stream that is read', () => {
  const schema = { properties: { dataset: text, mode: text }, required: ['dataset', 'mode'] }
  const named = namedAfterStream(schema, 'public.orders')
  assert.deepEqual(named.required, ['mode'])
  assert.deepEqual(named.properties?.['dataset']?.examples, ['public.orders'])
  assert.match(named.properties?.['dataset']?.description ?? '', /empty for “public\.orders”/)
  assert.equal(namedAfterStream(schema, undefined), schema)
  const table = { properties: { table: text }, required: ['table'] }
  assert.equal(namedAfterStream(table, 'public.orders'), table)
})
