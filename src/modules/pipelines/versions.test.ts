import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { openHouse, type House } from './house-fixture.ts'

let house: House
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(String(request.headers['authorization']))
  response.writeHead(200, { 'content-type': 'application/json' }).end('[{"id":1}]')
})
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  house = await openHouse({ egress: '127.0.0.1' })
})
after(async () => {
  await house.close()
  server.close()
})

test('an earlier version of a pipeline is restored with the secret that is kept', async () => {
  const { port } = server.address() as AddressInfo
  const made = await house.call('POST', '/api/v1/pipelines', {
    name: 'items',
    type: 'batch',
    source: { type: 'http', config: { url: `http://127.0.0.1:${port}/items`, token: 'hunter2' } },
    transformations: [],
    destination: { type: 'dataset', config: { dataset: 'items' } },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const path = `/api/v1/pipelines/${made.body.id}`
  const changed = await house.call('PUT', path, {
    ...made.body,
    transformations: [{ type: 'filter', config: { field: 'id', operator: 'gt', value: 5 } }],
  })
  assert.equal(changed.body.version, 2)
  assert.deepEqual((await house.call('PUT', path, made.body)).body.code, 'kernel.staleVersion')

  const { body } = await house.call('GET', `${path}/versions`)
  assert.deepEqual(
    body.items.map(({ version }: { version: number }) => version),
    [2, 1],
  )
  assert.deepEqual(
    body.items[0].changes.map(({ at }: { at: string }) => at),
    ['transformations[0]'],
  )
  assert.ok(!JSON.stringify(body).includes('hunter2'))

  const stale = await house.call('POST', `${path}/versions/1/restore?current=1`)
  assert.deepEqual([stale.status, stale.body.code], [409, 'kernel.staleVersion'])
  const restored = await house.call('POST', `${path}/versions/1/restore?current=2`)
  assert.deepEqual([restored.body.version, restored.body.transformations], [3, []])
  const run = await house.call('POST', `${path}/run?wait=20s`)
  assert.equal(run.body.status, 'succeeded', JSON.stringify(run.body))
  assert.deepEqual([...new Set(asked)], ['Bearer hunter2'])
})

test('of several changes of a pipeline to one version at the same time, one is made', async () => {
  const [made] = (await house.call('GET', '/api/v1/pipelines')).body.items
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => house.call('PUT', `/api/v1/pipelines/${made.id}`, made)),
  )
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409, 409])
})
