/** A dataset is deleted while a metric over it is saved. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import datasetsModule from '#modules/datasets/module'
import { openHouse, type House } from '#tests/house'
import { lateUser } from '#tests/house/late-user'
import metricsModule from '../module.ts'

const user = lateUser()
let house: House
before(async () => {
  house = await openHouse({ modules: [datasetsModule, metricsModule, user.module] })
})
after(() => house.close())

const call = (method: string, path: string, body?: object) =>
  house.call(method, `/api/v1${path}`, body, { authorization: 'Bearer default' })
const make = async (name: string) => {
  const columns = [
    { name: 'at', type: 'timestamp', nullable: false },
    { name: 'amount', type: 'integer' },
  ]
  const made = await call('POST', '/datasets', { name, kind: 'events', columns })
  assert.equal(made.status, 201, JSON.stringify(made.body))
}
const metric = (code: string, dataset: string) => ({
  code,
  name: code,
  dataset,
  time: 'at',
  measure: { type: 'sum', expression: 'amount' },
})
const save = (code: string, dataset: string) => call('POST', '/metrics', metric(code, dataset))
const problems = ({ body }: { body: { problems?: { at: string; code: string }[] } }) =>
  body.problems?.map(({ at, code }) => `${at} ${code}`)
/** `work` runs while the next deletion asks what uses the dataset. */
const duringDeletion = (work: () => Promise<unknown>) => user.duringQuestion('dataset', work)

test('a new metric whose dataset is deleted at that moment is refused', async () => {
  await make('orders')
  let saving: ReturnType<typeof save> | undefined
  duringDeletion(() => (saving = save('NEW', 'orders')))
  assert.equal((await call('DELETE', '/datasets/orders')).status, 204)
  const saved = await saving!
  assert.deepEqual([saved.status, problems(saved)], [422, ['dataset unknown_dataset']])
  assert.equal(
    saved.body.problems[0].message,
    'There is no dataset "orders" in this workspace. Choose another dataset for the metric, or make this one first.',
  )
  assert.equal((await call('GET', '/metrics/NEW')).status, 404)
})

test('a metric is not moved onto a dataset that is deleted at that moment, and stays as it is', async () => {
  await make('kept')
  await make('orders')
  assert.equal((await save('MOVED', 'kept')).status, 201)
  let saving: ReturnType<typeof save> | undefined
  duringDeletion(() => (saving = call('PUT', '/metrics/MOVED', metric('MOVED', 'orders'))))
  assert.equal((await call('DELETE', '/datasets/orders')).status, 204)
  const saved = await saving!
  assert.deepEqual([saved.status, problems(saved)], [422, ['dataset unknown_dataset']])
  const { body } = await call('GET', '/metrics/MOVED')
  assert.deepEqual([body.version, body.dataset, body.state === 'broken'], [1, 'kept', false])
})

test('of a metric and the deletion of its dataset that are asked for together, one is refused', async () => {
  for (let round = 0; round < 12; round += 1) {
    const [name, code] = [`together_${round}`, `TOGETHER.${round}`]
    await make(name)
    const save1 = () => save(code, name)
    const remove = () => call('DELETE', `/datasets/${name}`)
    const first = round % 2 === 0
    const answers = await Promise.all(first ? [save1(), remove()] : [remove(), save1()])
    const [saved, removed] = first ? answers : answers.toReversed()
    const statuses = `${saved!.status} ${removed!.status}`
    assert.ok(['201 409', '422 204'].includes(statuses), statuses)
    assert.equal((await call('GET', `/metrics/${code}`)).status, saved!.status === 201 ? 200 : 404)
    assert.equal((await call('GET', `/datasets/${name}`)).status, removed!.status === 204 ? 404 : 200)
  }
})
