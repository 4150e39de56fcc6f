import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openHouse, type House } from '#tests/house'
import datasetsModule from './module.ts'

let house: House
before(async () => {
  house = await openHouse({ modules: [datasetsModule] })
})
after(async () => await house.close())

const path = '/api/v1/datasets/customers'
const call = (method: string, at: string, body?: object) =>
  house.call(method, at, body, { authorization: 'Bearer default' })
const id = { name: 'id', type: 'integer', nullable: false, tags: [] }
const email = { name: 'email', type: 'string', nullable: true, tags: [] }

test('a dataset keeps its versions, restores tags, and refuses to lose a column that came later', async () => {
  const made = { name: 'customers', kind: 'table', key: ['id'], columns: [id, email] }
  assert.equal((await call('POST', '/api/v1/datasets', made)).status, 201)
  const tagged = { ...made, columns: [id, { ...email, tags: ['personal'] }] }
  assert.equal((await call('PUT', path, tagged)).body.version, 2)

  const { items } = (await call('GET', `${path}/versions`)).body
  assert.deepEqual(
    items.map(({ version, definition, changes }: any) => [version, definition.columns[1].tags, changes]), // `any`: an answer
    [
      [2, ['personal'], [{ at: 'columns[1].tags[0]', after: 'personal' }]],
      [1, [], undefined],
    ],
  )

  const stale = await call('POST', `${path}/versions/1/restore?current=1`)
  assert.deepEqual([stale.status, stale.body.code], [409, 'kernel.staleVersion'])
  assert.match(JSON.stringify(stale.body), /a restore: without \\"current\\"/)
  const restored = await call('POST', `${path}/versions/1/restore?current=2`)
  assert.deepEqual([restored.status, restored.body.version, restored.body.columns[1].tags], [200, 3, []])

  const city = { name: 'city', type: 'string', nullable: true, tags: [] }
  assert.equal((await call('PUT', path, { ...made, columns: [id, email, city] })).status, 200)
  const refused = await call('POST', `${path}/versions/2/restore`)
  assert.equal(refused.body.code, 'datasets.loses_data')
  assert.match(JSON.stringify(refused.body.problems), /column \\"city\\" is left out here/)
  assert.equal((await call('GET', path)).body.version, 4)
  assert.equal((await call('POST', `${path}/versions/9/restore`)).body.code, 'kernel.unknownVersion')
})

test('a change that another server saved a moment ago is neither overwritten by a restore nor by a change of the version before', async () => {
  const read = (await call('GET', path)).body
  const changedElsewhere = async (version: number, name: string) => {
    const columns = JSON.stringify([...read.columns, { name, type: 'string', nullable: true, tags: [] }])
    await house.ports.metadata.system.query(
      "update datasets.dataset set version = $1, columns = $2::jsonb where name = 'customers'",
      [version, columns],
    )
  }
  await changedElsewhere(5, 'phone')
  const restored = await call('POST', `${path}/versions/4/restore?current=4`)
  assert.deepEqual([restored.status, restored.body.code], [409, 'kernel.staleVersion'])
  const { columns } = (await call('GET', path)).body
  await changedElsewhere(6, 'mobile')
  const changed = await call('PUT', path, { ...read, columns, version: 5 })
  assert.deepEqual([changed.status, changed.body.code], [409, 'kernel.staleVersion'])
  await changedElsewhere(4, 'city')
})

test('a dataset that is made anew under the name of a removed one has a history of its own', async () => {
  assert.equal((await call('DELETE', path)).status, 204)
  const made = { name: 'customers', kind: 'table', key: ['id'], columns: [id] }
  assert.equal((await call('POST', '/api/v1/datasets', made)).status, 201)
  const { items } = (await call('GET', `${path}/versions`)).body
  assert.deepEqual(
    items.map(({ version, definition }: any) => [version, definition.columns.length]), // `any`: an answer
    [[1, 1]],
  )
})
