import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { secretText, sql } from '#sdk'
import { vendorConnector } from '#sdk/vendor-connector-fixture'
import { openHouse, type House } from '../house-fixture.ts'

const written: unknown[] = []
const { connector: vendor, reached } = vendorConnector({
  connection: z.strictObject({
    host: z.string(),
    schema: z.string().default('main').meta({ safe: true }),
    auth: z.strictObject({ key: secretText({ title: 'Key', description: 'For the server.' }) }),
  }),
  streams: async () => [
    {
      name: 'main.orders',
      bareName: 'orders',
      config: { table: 'o' },
      primaryKey: [],
      cursors: [],
      modes: ['full'],
    },
  ],
  source: z.strictObject({ schema: z.string().optional(), table: z.string() }),
  batches: [{ rows: [{ id: 1 }, { id: 2 }] }],
  destination: {
    settings: z.strictObject({ table: z.string() }),
    delivery: 'at least once',
    because: 'It is a test.',
    load: async () => ({
      open: async (settings, around, { columns }) => ({
        columns,
        into: sql`INTO the vendor`,
        load: async ({ select }) => {
          const rows = await around.engine.rows(sql`${select}`)
          written.push({ settings, rows })
          return { rows: rows.length, bytes: 0, duplicate: false }
        },
        abandon: async () => undefined,
      }),
    }),
  },
})

let house: House
before(async () => {
  house = await openHouse({ moreConnectors: [vendor] })
  const settings = { host: 'a.example', auth: { key: 'hunter2' } }
  const made = await house.call('POST', '/api/v1/connections', { name: 'shop', type: 'vendor', settings })
  assert.equal(made.status, 201, JSON.stringify(made.body))
})
after(() => house.close())

const into = (dataset: string) => ({ type: 'dataset', config: { dataset } })
const save = (name: string, source: object, destination: object = into(name)) =>
  house.call('POST', '/api/v1/pipelines', { name, type: 'batch', source, destination })
const run = (id: string) => house.call('POST', `/api/v1/pipelines/${id}/run?wait=20s`)
const problemsOf = (answer: { body: { problems?: { at: string; code: string }[] } }) =>
  (answer.body.problems ?? []).map(({ at, code }) => `${at} ${code}`)

test('a pipeline reads through a connection, whose secrets it neither holds nor shows', async () => {
  const made = await save('rows', { connection: 'shop', config: { table: 'o', schema: 'other' } })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual(made.body.source, { type: 'vendor', connection: 'shop', config: { table: 'o', schema: 'other' } })
  const ran = await run(made.body.id)
  assert.equal(ran.body.status, 'succeeded', JSON.stringify(ran.body))
  const whole = { host: 'a.example', schema: 'other', auth: { key: 'hunter2' }, table: 'o' }
  assert.deepEqual(reached.at(-1), whole)
  const { rows } = await house.ports.metadata.system.query('select body, secrets from pipelines.definition')
  assert.doesNotMatch(JSON.stringify(rows), /hunter2/)

  const changed = { settings: { host: 'b.example', auth: { key: 'hunter3' } } }
  assert.equal((await house.call('PUT', '/api/v1/connections/shop', changed)).status, 200)
  await run(made.body.id)
  assert.deepEqual(reached.at(-1), { ...whole, host: 'b.example', auth: { key: 'hunter3' } })

  const again = await house.call('PUT', `/api/v1/pipelines/${made.body.id}`, made.body)
  assert.equal(again.status, 200, JSON.stringify(again.body))
})

test('a connection that a pipeline uses is not deleted, and the answer names the pipeline', async () => {
  const refused = await house.call('DELETE', '/api/v1/connections/shop')
  assert.equal(refused.status, 409)
  assert.match(refused.body.detail, /pipeline "rows"/)
})

test('one stream of a connection is read into the dataset of its name', async () => {
  const made = await save('streamed', { connection: 'shop', streams: [{ name: 'main.orders' }] }, { type: 'dataset' })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual(made.body.source.streams, [{ name: 'main.orders' }])
  const ran = await run(made.body.id)
  assert.equal(ran.body.status, 'succeeded', JSON.stringify(ran.body))
  const { body } = await house.call('GET', '/api/v1/datasets/main.orders/rows')
  assert.deepEqual(
    body.items.map(({ id }: { id: string }) => id),
    ['1', '2'],
  )
})

test('a pipeline writes through a connection', async () => {
  const made = await save(
    'out',
    { type: 'dataset', config: { dataset: 'rows' } },
    { connection: 'shop', config: { table: 't' } },
  )
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const ran = await run(made.body.id)
  assert.equal(ran.body.status, 'succeeded', JSON.stringify(ran.body))
  const { settings } = written.at(-1) as { settings: unknown }
  assert.deepEqual(settings, { host: 'b.example', schema: 'main', auth: { key: 'hunter3' }, table: 't' })
})

test('what a connection does not allow, or a later version brings, is refused with its place', async () => {
  const table = { table: 'o' }
  const streams = (given: unknown) => save('no', { connection: 'shop', streams: given })
  assert.deepEqual(problemsOf(await save('no', { connection: 'shp', config: table })), [
    'source.connection unknown_connection',
  ])
  assert.deepEqual(problemsOf(await save('no', { connection: 'shop', type: 'http', config: table })), [
    'source.type other_type',
  ])
  assert.deepEqual(problemsOf(await save('no', { connection: 'shop', config: { ...table, host: 'evil.example' } })), [
    'source.config.host of_connection',
  ])
  assert.deepEqual(problemsOf(await save('no', { type: 'vendor', streams: [{ name: 'x' }], config: {} })), [
    'source.streams no_connection',
  ])
  assert.deepEqual(problemsOf(await streams('*')), ['source.streams not_yet'])
  assert.deepEqual(problemsOf(await streams([{ name: 'a' }, { name: 'b' }])), ['source.streams not_yet'])
  assert.deepEqual(problemsOf(await streams([{ name: 'orders', mode: 'incremental' }])), [
    'source.streams[0].mode not_yet',
  ])
  assert.deepEqual(problemsOf(await streams([{ name: 'ordrs' }])), ['source.streams[0].name unknown_stream'])
  assert.deepEqual(problemsOf(await save('no', { config: table })), ['source.type missing'])
})

test('validation and preview read through a connection too', async () => {
  const body = {
    name: 'seen',
    type: 'batch',
    source: { connection: 'shop', config: { table: 'o' } },
    destination: into('seen'),
  }
  const valid = await house.call('POST', '/api/v1/pipelines/validate', body)
  assert.deepEqual(valid.body, { valid: true, problems: [] })
  const preview = await house.call('POST', '/api/v1/pipelines/preview', body)
  assert.equal(preview.body.steps[0].rowCount, 2)
})
