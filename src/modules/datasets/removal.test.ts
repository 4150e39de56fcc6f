import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { KernelPorts } from '#kernel/module'
import { openHouse, type House } from '#tests/house'
import { datasets } from './index.ts'
import datasetsModule from './module.ts'

let failing = false
let whenRowsAreDeleted = async (): Promise<void> => undefined

/** A log that cannot delete topics while `failing`. */
const wrapPorts = (ports: KernelPorts): KernelPorts => ({
  ...ports,
  log: new Proxy(ports.log, {
    get(log, name) {
      if (name === 'remove' && failing) return () => Promise.reject(new Error('the disk is away'))
      if (name === 'remove')
        return async (...topic: Parameters<typeof log.remove>) => {
          await log.remove(...topic)
          await whenRowsAreDeleted()
        }
      const value: unknown = Reflect.get(log, name)
      return typeof value === 'function' ? value.bind(log) : value
    },
  }),
})

let house: House
before(async () => {
  house = await openHouse({ modules: [datasetsModule], wrapPorts })
})
after(async () => await house.close())

const call = (method: string, at: string, body?: object) =>
  house.call(method, `/api/v1/datasets${at}`, body, { authorization: 'Bearer default' })
const make = (name: string) => call('POST', '', { name, columns: [{ name: 'id', type: 'integer' }] })
const filled = async (name: string) => {
  assert.equal((await make(name)).status, 201)
  const block = { id: 'first', ndjson: Buffer.from('{"id":1}'), count: 1 }
  await house.running.face(datasets).append('default', name, block)
}
const halfDeleted = async (name: string) => {
  await filled(name)
  failing = true
  assert.equal((await call('DELETE', `/${name}`)).status, 500)
  failing = false
}
const rows = async (name: string) => (await call('GET', `/${name}/rows`)).body.items

test('a dataset whose deletion failed half-way is hidden, and deleted by the next call', async () => {
  await halfDeleted('orders')
  assert.equal((await call('GET', '/orders')).status, 404)
  assert.deepEqual((await call('GET', '')).body.items, [])
  const early = await make('orders')
  assert.deepEqual([early.status, early.body.code], [409, 'datasets.removing'])

  assert.equal((await call('DELETE', '/orders')).status, 204)
  assert.equal((await make('orders')).status, 201)
  assert.deepEqual(await rows('orders'), [])
})

test('a deletion that a crash cut off is ended at the next start', async () => {
  await halfDeleted('clicks')
  await house.restart()
  while ((await make('clicks')).status !== 201) await new Promise(setImmediate)
  assert.deepEqual(await rows('clicks'), [])
})

test('two deletions of one dataset at the same time both succeed, or the later one finds nothing', async () => {
  await filled('twice')
  const statuses = (await Promise.all([call('DELETE', '/twice'), call('DELETE', '/twice')])).map(({ status }) => status)
  assert.ok(statuses.includes(204) && statuses.every((status) => status === 204 || status === 404), statuses.join(' '))
})

test('a deletion leaves the dataset that was made under its name after another server ended the deletion', async () => {
  await filled('again')
  whenRowsAreDeleted = async () => {
    await house.ports.metadata.system.query("update datasets.dataset set removing_since = null where name = 'again'")
  }
  assert.equal((await call('DELETE', '/again')).status, 204)
  whenRowsAreDeleted = async () => undefined
  assert.equal((await call('GET', '/again')).status, 200)
  assert.equal((await call('GET', '/again/versions')).body.items.length, 1)
})
