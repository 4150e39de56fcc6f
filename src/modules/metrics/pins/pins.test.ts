import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openHouse } from '#tests/house'
import audit from '#modules/audit/module'
import datasets from '#modules/datasets/module'
import { identity } from '#modules/identity'
import identityModule from '#modules/identity/module'
import streams from '#modules/streams/module'
import metrics from '../module.ts'
import { maxPins } from '#core/home-pins'

let house: Awaited<ReturnType<typeof openHouse>>
const admin = 'the-token-of-the-admin'
before(async () => {
  house = await openHouse({ modules: [identityModule, audit, datasets, streams, metrics], authenticator: identity })
  await house.running.face(identity).setAdminToken(admin)
  await call('POST', '/api/v1/streams/orders/events', [{ at: '2026-11-20T10:00:00Z', amount: 3 }])
  for (const code of ['REV', 'ORDERS', 'LARGEST']) await define(code)
})
after(() => house.close())

async function call(method: string, path: string, body?: object, token = admin) {
  return await house.call(method, path, body, { authorization: `Bearer ${token}` })
}
async function define(code: string): Promise<void> {
  const metric = { code, name: code, dataset: 'orders', time: 'at', measure: { type: 'count' } }
  assert.equal((await call('POST', '/api/v1/metrics', metric)).status, 201)
}
async function tokenWith(permissions: readonly string[]): Promise<string> {
  const { status, body } = await call('POST', '/api/v1/tokens', { name: permissions.join(), permissions })
  assert.equal(status, 201)
  return body.token
}
const pin = async (codes: readonly string[], token?: string) =>
  await call('PUT', '/api/v1/home/pins', { metrics: codes }, token)
const pinned = async (token?: string) => (await call('GET', '/api/v1/home/pins', undefined, token)).body.metrics

test('metrics are pinned in their order, and nothing is pinned at first', async () => {
  assert.deepEqual(await pinned(), [])
  const { status, body } = await pin(['ORDERS', 'REV'])
  assert.deepEqual([status, body], [200, { metrics: ['ORDERS', 'REV'] }])
  await pin(['REV', 'ORDERS'])
  assert.deepEqual(await pinned(), ['REV', 'ORDERS'])
})

test('each token has its own pins, and needs to read metrics for them', async () => {
  const reader = await tokenWith(['metrics.read'])
  assert.deepEqual(await pinned(reader), [])
  assert.equal((await pin(['LARGEST'], reader)).status, 200)
  assert.deepEqual([await pinned(reader), await pinned()], [['LARGEST'], ['REV', 'ORDERS']])
  const other = await tokenWith(['datasets.read'])
  assert.equal((await pin([], other)).status, 403)
  assert.equal((await call('GET', '/api/v1/home/pins', undefined, other)).status, 403)
})

test('a metric that is deleted is no longer pinned, and a page that still shows it may move the others', async () => {
  await define('SHORT')
  await pin(['SHORT', 'REV', 'ORDERS'])
  assert.equal((await call('DELETE', '/api/v1/metrics/SHORT')).status, 204)
  assert.deepEqual(await pinned(), ['REV', 'ORDERS'])
  const { status, body } = await pin(['ORDERS', 'SHORT', 'REV'])
  assert.deepEqual([status, body.metrics], [200, ['ORDERS', 'REV']])
  await define('SHORT')
  assert.deepEqual(await pinned(), ['ORDERS', 'REV'], 'another metric of the same code is pinned')
})

test('a code that no metric has is refused with the code that was meant, and nothing is changed', async () => {
  await pin(['REV'])
  const { status, body } = await pin(['REV', 'ORDRES'])
  assert.deepEqual([status, body.code], [422, 'metrics.invalid_pins'])
  assert.deepEqual(body.problems, [
    {
      at: 'metrics[1]',
      code: 'unknown_metric',
      message: 'There is no metric "ORDRES". Did you mean "ORDERS"?',
      suggestion: 'ORDERS',
    },
  ])
  assert.deepEqual(await pinned(), ['REV'])
})

test(`a metric is pinned once, and at most ${maxPins} are pinned`, async () => {
  assert.equal((await pin(['REV', 'REV'])).status, 422)
  const many = await pin(Array.from({ length: maxPins + 1 }, (_, index) => `M${index}`))
  assert.equal(many.status, 422)
  assert.match(JSON.stringify(many.body.problems), /at most 12 pinned metrics/)
})

test('the audit trail has who changed the pins, with those before and after', async () => {
  await pin(['REV'])
  await pin(['ORDERS'])
  const { items } = (await call('GET', '/api/v1/audit?limit=1')).body
  const [{ action, before, after, outcome }] = items
  assert.deepEqual(
    [action, outcome, before, after],
    ['metrics.setPins', 'succeeded', { metrics: ['REV'] }, { metrics: ['ORDERS'] }],
  )
})
