import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { defineConnector, secretText } from '#sdk'
import { openHouse, type House } from '../house-fixture.ts'

const reached: unknown[] = []
const vendor = defineConnector({
  type: 'vendor',
  title: 'Vendor',
  category: 'web',
  about: 'Tables of a vendor.',
  proven: 'this test',
  connection: {
    settings: z.strictObject({
      host: z.string(),
      key: secretText({ title: 'Key', description: 'For the server.' }),
    }),
    load: async () => ({ check: async () => 'fine' }),
  },
  streams: {
    load: async () => ({
      streams: async (settings) => {
        reached.push(settings)
        return [{ name: 'orders', config: { table: 'orders' }, primaryKey: [], cursors: [], modes: ['full'] }]
      },
    }),
  },
  source: {
    settings: z.strictObject({ table: z.string().meta({ safe: true }) }),
    reads: 'batches',
    modes: ['full'],
    load: async () => ({
      check: async (settings) => {
        reached.push(settings)
        return 'It answers.'
      },
      read: async () => ({ by: 'batches', batches: async function* () {} }),
    }),
  },
})

const config = { host: 'a.example', key: 'hunter2', table: 't' }
const shown = { ...config, key: '***' }

let house: House
let id: string
before(async () => {
  house = await openHouse({ moreConnectors: [vendor] })
  id = await save('own', { type: 'vendor', config })
})
after(() => house.close())

async function save(name: string, source: object): Promise<string> {
  const body = { name, type: 'batch', source, destination: { type: 'dataset', config: { dataset: name } } }
  const made = await house.call('POST', '/api/v1/pipelines', body)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.id
}
const check = (pipeline: string, given: object) =>
  house.call('POST', `/api/v1/pipelines/${pipeline}/check`, { as: 'source', type: 'vendor', config: given })
const discover = (pipeline: string, given: object) =>
  house.call('POST', `/api/v1/pipelines/${pipeline}/discover`, { type: 'vendor', config: given })

test('settings are tested, and streams listed, with the secret that the pipeline keeps', async () => {
  const answer = await check(id, { ...shown, table: 'other' })
  assert.equal(answer.body.message, 'It answers.', JSON.stringify(answer.body))
  assert.deepEqual(reached.pop(), { ...config, table: 'other' })
  assert.doesNotMatch(JSON.stringify(answer.body), /hunter2/)
  const { host, key } = config
  assert.deepEqual((await discover(id, shown)).body.items, [{ name: 'orders', config: { table: 'orders' } }])
  assert.deepEqual(reached.pop(), { host, key })
})

test('a kept secret is sent neither to another host nor for another pipeline, and the answer asks for it', async () => {
  const connection = { name: 'shop', type: 'vendor', settings: { host: 'a.example', key: 'hunter2' } }
  assert.equal((await house.call('POST', '/api/v1/connections', connection)).status, 201)
  const others = [await save('file', { type: 'file', config: { path: 'a.csv' } })]
  others.push(await save('connected', { connection: 'shop', config: { table: 't' } }))
  const refused = [await check(id, { ...shown, host: 'evil.example' }), await discover(id, { ...shown, host: 'evil' })]
  for (const other of others) refused.push(await check(other, shown), await discover(other, shown))
  for (const { status, body } of refused) {
    assert.equal(status, 422, JSON.stringify(body))
    const found = body.problems.map(({ at, code }: { at: string; code: string }) => `${at} ${code}`)
    assert.deepEqual(found, ['source.config.key secret_needed'])
  }
  assert.deepEqual(reached, [])
  assert.equal((await check(id, { ...config, host: 'b.example', key: 'new' })).body.ok, true)
  assert.deepEqual(reached.pop(), { ...config, host: 'b.example', key: 'new' })
})

test('settings of a pipeline that is not there are not tested', async () => {
  assert.equal((await check('5f4b8d6e-0000-4000-8000-000000000000', config)).status, 404)
})

test('an end whose connection is not chosen yet is asked for it, and nothing else', async () => {
  const body = { name: 'open', type: 'batch', source: { type: 'vendor', connection: '', config: {} } }
  const { body: answer } = await house.call('POST', '/api/v1/pipelines/validate', {
    ...body,
    destination: { type: 'dataset', config: { dataset: 'open' } },
  })
  const found = answer.problems.map(({ at, message }: { at: string; message: string }) => `${at} ${message}`)
  assert.deepEqual(found, ['source.connection Choose a connection.'])
})
