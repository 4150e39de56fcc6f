/** A connection is deleted while a pipeline that uses it is saved. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { z } from 'zod'
import { vendorConnector } from '#sdk/vendor-connector-fixture'
import { lateUser } from '#tests/house/late-user'
import { openHouse, type House } from '../house-fixture.ts'

let whenStreamsAreListed: () => Promise<void> = async () => undefined

const { connector: vendor } = vendorConnector({
  connection: z.strictObject({ host: z.string() }),
  streams: async () => {
    await whenStreamsAreListed()
    return [{ name: 'orders', config: { table: 'o' }, primaryKey: [], cursors: [], modes: ['full'] }]
  },
})

const user = lateUser()
let house: House
before(async () => {
  house = await openHouse({ moreConnectors: [vendor], moreModules: [user.module] })
})
after(() => house.close())
beforeEach(async () => {
  whenStreamsAreListed = async () => undefined
  const made = await house.call('POST', '/api/v1/connections', {
    name: 'shop',
    type: 'vendor',
    settings: { host: 'a.example' },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
})

const save = (source: object, id?: string) => {
  const body = {
    name: 'orders',
    type: 'batch',
    source,
    destination: { type: 'dataset', config: { dataset: 'orders' } },
  }
  return id === undefined
    ? house.call('POST', '/api/v1/pipelines', body)
    : house.call('PUT', `/api/v1/pipelines/${id}`, body)
}
const throughShop = { connection: 'shop', streams: [{ name: 'orders' }] }
const remove = () => house.call('DELETE', '/api/v1/connections/shop')
const problems = ({ body }: { body: { problems?: { at: string; code: string }[] } }) =>
  body.problems?.map(({ at, code }) => `${at} ${code}`)

test('a new pipeline whose connection is deleted while it is checked is refused', async () => {
  whenStreamsAreListed = async () => assert.equal((await remove()).status, 204)
  const saved = await save(throughShop)
  assert.deepEqual([saved.status, problems(saved)], [422, ['source.connection unknown_connection']])
})

test('a pipeline whose new connection is deleted while it is checked stays as it is', async () => {
  const made = await save({ type: 'http', config: { url: 'https://a.example/' } })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  whenStreamsAreListed = async () => assert.equal((await remove()).status, 204)
  const saved = await save(throughShop, made.body.id)
  assert.deepEqual([saved.status, problems(saved)], [422, ['source.connection unknown_connection']])
  const { body } = await house.call('GET', `/api/v1/pipelines/${made.body.id}`)
  assert.deepEqual([body.version, body.source.type], [1, 'http'])
  assert.equal((await house.call('DELETE', `/api/v1/pipelines/${made.body.id}`)).status, 204)
})

test('a pipeline is not saved between the question what uses its connection and the deletion', async () => {
  let saving: ReturnType<typeof save> | undefined
  // The audit asks first, for its picture of the connection.
  user.duringQuestion('connection', () => (saving = save(throughShop)), 2)
  const removed = await remove()
  assert.equal(removed.status, 204, JSON.stringify(removed.body))
  const saved = await saving!
  assert.deepEqual([saved.status, problems(saved)], [422, ['source.connection unknown_connection']])
})
