/** A dataset is deleted while a pipeline that reads it is saved. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PipelineSpec } from '#core/pipeline'
import { connectors } from '#modules/connectors'
import { datasets } from '#modules/datasets'
import { openHouse, type House } from '../house-fixture.ts'
import { existingSource, holdSource, type SourceDataset } from './source-dataset.ts'

const workspace = 'default'
let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

const definition = (name: string, source: object) => ({
  name,
  type: 'batch',
  source,
  destination: { type: 'dataset', config: { dataset: 'copy' } },
})
const make = async (name: string) => {
  const columns = [{ name: 'amount', type: 'integer' }]
  assert.equal((await house.call('POST', '/api/v1/datasets', { name, columns })).status, 201)
}
const remove = (name: string) => house.call('DELETE', `/api/v1/datasets/${name}`)
const find = (source: object) => {
  const faces = { connectors: house.running.face(connectors), datasets: house.running.face(datasets) }
  return existingSource(PipelineSpec.parse(definition('reads', source)), { workspace, ...faces })
}
const hold = (found: SourceDataset | undefined) =>
  house.ports.metadata
    .inWorkspace(workspace)
    .transaction((session) => holdSource(found, { session, workspace, datasets: house.running.face(datasets) }))

for (const [type, config, at] of [
  ['dataset', { dataset: 'orders' }, 'source.config.dataset'],
  ['stream', { stream: 'orders' }, 'source.config.stream'],
] as const)
  test(`a pipeline that reads a ${type} is refused when it was deleted since the definition was validated`, async () => {
    await make('orders')
    const found = await find({ type, config })
    assert.deepEqual(await hold(found), [])
    assert.equal((await remove('orders')).status, 204)
    assert.deepEqual(await hold(found), [
      {
        at,
        code: 'unknown_dataset',
        message:
          'There is no dataset "orders" in this workspace. Choose another dataset to read, or make this one first.',
      },
    ])
    assert.equal(await find({ type, config }), undefined, 'a pipeline may come before its dataset')
    assert.deepEqual(await hold(undefined), [])
  })

test('a deletion waits for a pipeline that is being saved, and is refused', async () => {
  await make('orders')
  let removing: ReturnType<typeof remove> | undefined
  const metadata = house.ports.metadata.inWorkspace(workspace)
  const source = { type: 'dataset', config: { dataset: 'orders' } }
  const found = await find(source)
  await metadata.transaction(async (session) => {
    await holdSource(found, { session, workspace, datasets: house.running.face(datasets) })
    removing = remove('orders')
    await session.query(
      `insert into pipelines.definition (workspace, id, name, body, secrets, status, owner)
       values ($1, gen_random_uuid(), 'reads', $2::json, '{}', 'active', '{"kind":"system","id":"test","name":"test"}')`,
      [workspace, JSON.stringify(definition('reads', source))],
    )
  })
  const { status, body } = await removing!
  assert.deepEqual([status, body.code], [409, 'datasets.in_use'])
})
