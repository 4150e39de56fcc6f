import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { secretText } from '#sdk'
import { vendorConnector } from '#sdk/vendor-connector-fixture'
import { openHouse, type House } from '../house-fixture.ts'

const token = () => secretText({ title: 'Token', description: 'For the server.' }).min(5)
const { connector: vendor, reached } = vendorConnector({
  source: z.strictObject({
    host: z.string(),
    table: z.string().default('t').meta({ safe: true }),
    auth: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('none') }),
      z.strictObject({ type: z.literal('key'), key: token() }),
    ]),
    headers: z.array(z.strictObject({ name: z.string(), value: token() })).default([]),
    pin: z.number().meta({ writeOnly: true }).optional(),
    shouted: token()
      .transform((text) => text.toUpperCase())
      .optional(),
  }),
})

let house: House
before(async () => {
  house = await openHouse({ egress: '127.0.0.1', moreConnectors: [vendor] })
})
after(() => house.close())

const config = {
  host: 'a.example',
  auth: { type: 'key', key: 'hunter2-key' },
  headers: [{ name: 'x-one', value: 'hunter2-header' }],
  pin: 4711_4711,
  shouted: 'hunter2-shout',
}
const hidden = {
  ...config,
  auth: { type: 'key', key: '***' },
  headers: [{ name: 'x-one', value: '***' }],
  pin: '***',
  shouted: '***',
}
const secretTexts = /hunter2|HUNTER2|47114711/
const bodyOf = (name: string, source: object) => ({
  name,
  type: 'batch',
  source: { type: 'vendor', config: source },
  destination: { type: 'dataset', config: { dataset: 'vendor_rows' } },
})
const stored = async () =>
  JSON.stringify([
    (await house.ports.metadata.system.query('select body, secrets from pipelines.definition')).rows,
    (await house.ports.metadata.system.query('select * from kernel.definition_version')).rows,
    (await house.ports.metadata.system.query('select * from kernel.audit')).rows,
  ])

test('secrets in unions, lists and transformed settings are neither stored nor shown in clear, and reach the connector', async () => {
  const made = await house.call('POST', '/api/v1/pipelines', bodyOf('vendor', config))
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual(made.body.source.config, hidden)
  assert.doesNotMatch(await stored(), secretTexts)
  const run = await house.call('POST', `/api/v1/pipelines/${made.body.id}/run?wait=20s`)
  assert.equal(run.body.status, 'succeeded', JSON.stringify(run.body))
  assert.deepEqual(reached.at(-1), { ...config, table: 't', shouted: 'HUNTER2-SHOUT' })

  const path = `/api/v1/pipelines/${made.body.id}`
  const moved = await house.call('PUT', path, bodyOf('vendor', { ...hidden, host: 'b.example' }))
  assert.equal(moved.status, 422)
  assert.deepEqual(
    moved.body.problems.map(({ at, code }: { at: string; code: string }) => `${at} ${code}`),
    ['auth.key', 'headers[0].value', 'pin', 'shouted'].map((at) => `source.config.${at} secret_needed`),
  )
  const safe = await house.call('PUT', path, bodyOf('vendor', { ...hidden, table: 'u' }))
  assert.equal(safe.status, 200, JSON.stringify(safe.body))
  await house.call('POST', `${path}/run?wait=20s`)
  assert.deepEqual(reached.at(-1), { ...config, table: 'u', shouted: 'HUNTER2-SHOUT' })
})

test('an absent secret of a pipeline is kept and null removes it, as in a connection', async () => {
  const made = await house.call('POST', '/api/v1/pipelines', bodyOf('null', config))
  const path = `/api/v1/pipelines/${made.body.id}`
  const { shouted: _, ...rest } = hidden
  const kept = await house.call('PUT', path, bodyOf('null', rest))
  assert.deepEqual([kept.status, kept.body.source?.config], [200, hidden], JSON.stringify(kept.body))
  const removed = await house.call('PUT', path, bodyOf('null', { ...rest, shouted: null }))
  assert.deepEqual([removed.status, removed.body.source?.config], [200, rest], JSON.stringify(removed.body))
  const restored = await house.call('POST', `${path}/versions/1/restore`)
  assert.match(
    restored.body.problems?.[0]?.message,
    /change the pipeline to the settings of version 1 and enter the secret/,
  )
  await house.call('POST', `${path}/run?wait=20s`)
  const { shouted: __, ...without } = config
  assert.deepEqual(reached.at(-1), { ...without, table: 't' })
  const fresh = await house.call('POST', '/api/v1/pipelines/validate', bodyOf('new', { ...config, shouted: null }))
  assert.deepEqual(fresh.body, { valid: true, problems: [] })
  const unknown = await house.call('POST', '/api/v1/pipelines/preview', bodyOf('new', { ...config, shouted: '***' }))
  assert.equal(unknown.body.problems?.[0]?.code, 'secret_needed')
})

test('headers and credentials of a URL of an earlier version are sealed at the start and are still sent', async () => {
  const sent: unknown[] = []
  const server = createServer(({ headers }, response) => {
    sent.push([headers['authorization'], headers['x-api-key']])
    response.writeHead(200, { 'content-type': 'application/json' }).end('[{"id":1}]')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}/items`
  const http = (settings: object) => ({ ...bodyOf('http', {}), source: { type: 'http', config: settings } })
  const made = await house.call('POST', '/api/v1/pipelines', http({ url: `http://${host}` }))
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { system } = house.ports.metadata
  const clear = JSON.stringify(http({ url: `http://ann:hunter2@${host}`, headers: { 'x-api-key': 'hunter2-key' } }))
  await system.query('update pipelines.definition set body = $2::json where id = $1', [made.body.id, clear])
  await system.query('update kernel.definition_version set definition = $2::json where id = $1', [made.body.id, clear])
  await system.query('delete from pipelines.step')
  await house.restart()
  assert.doesNotMatch(await stored(), secretTexts)
  const path = `/api/v1/pipelines/${made.body.id}`
  const shown = await house.call('GET', path)
  assert.deepEqual(shown.body.source.config, {
    url: `http://${host}`,
    headers: { 'x-api-key': '***' },
    user: 'ann',
    password: '***',
  })
  assert.equal((await house.call('PUT', path, shown.body)).status, 200)
  const run = await house.call('POST', `${path}/run?wait=20s`)
  server.close()
  assert.equal(run.body.status, 'succeeded', JSON.stringify(run.body))
  assert.deepEqual(sent.at(-1), [`Basic ${Buffer.from('ann:hunter2').toString('base64')}`, 'hunter2-key'])

  const moved = await house.call('PUT', path, http({ ...shown.body.source.config, url: 'http://127.0.0.1:9/' }))
  assert.deepEqual(
    moved.body.problems.map(({ at }: { at: string }) => at),
    ['source.config.headers.x-api-key', 'source.config.password'],
  )
  for (const settings of [
    { url: `http://ann:hunter2@${host}` },
    { url: `http://${host}`, headers: { HOST: 'hunter2.example' } },
    { url: `http://${host}`, path: '//hunter2.example/x' },
  ])
    for (const at of ['', '/preview']) {
      const refused = await house.call('POST', `/api/v1/pipelines${at}`, { ...http(settings), name: 'refused' })
      assert.equal(refused.status, 422, JSON.stringify(refused.body))
      assert.doesNotMatch(JSON.stringify(refused.body), /hunter2/)
    }
})

test('a problem never quotes a secret', async () => {
  const answer = await house.call(
    'POST',
    '/api/v1/pipelines',
    bodyOf('wrong', { ...config, auth: { type: 'key', key: 'hun2' }, pin: 'hunter2-pin' }),
  )
  assert.equal(answer.status, 422)
  assert.deepEqual(
    answer.body.problems.map(({ at }: { at: string }) => at),
    ['source.config.auth.key', 'source.config.pin'],
  )
  assert.doesNotMatch(JSON.stringify(answer.body), /hun/)
})

test('secrets that an earlier version stored in clear are sealed at the start, in the history too, and still work', async () => {
  const made = await house.call('POST', '/api/v1/pipelines', bodyOf('older', config))
  const { system } = house.ports.metadata
  const body = JSON.stringify(bodyOf('older', { table: 'kept order', ...config }))
  await system.query(`update pipelines.definition set body = $2::json, secrets = '{}' where id = $1`, [
    made.body.id,
    body,
  ])
  await system.query(`update kernel.definition_version set definition = $2::json where id = $1`, [made.body.id, body])
  await system.query('delete from pipelines.step')
  assert.match(await stored(), secretTexts)
  await house.restart()
  assert.doesNotMatch(await stored(), secretTexts)
  const shown = await house.call('GET', `/api/v1/pipelines/${made.body.id}`)
  assert.deepEqual(Object.entries(shown.body.source.config), Object.entries({ table: 'kept order', ...hidden }))
  await house.call('POST', `/api/v1/pipelines/${made.body.id}/run?wait=20s`)
  assert.deepEqual(reached.at(-1), { ...config, table: 'kept order', shouted: 'HUNTER2-SHOUT' })
})
