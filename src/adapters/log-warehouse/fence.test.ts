import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Topic } from '#ports/log'
import { openEngines, type Engines } from './embedded-fixture.ts'
import { isFenced, lastEpoch, openFence } from './fence.ts'
import { topicTable, type TopicTable } from './topic-table.ts'

let stores: Engines
before(async () => {
  stores = await openEngines(undefined, { shared: true })
})
after(async () => {
  await stores.remove()
})

const topicOf = (name: string): Topic => ({
  workspace: 'w',
  name,
  database: 'ws_w',
  table: 'fenced',
  rememberIdsMs: 1_000,
  columns: [{ name: 'n', type: 'Int64', required: true }],
})
const block = { ndjson: Buffer.from('{"n":1}\n{"n":2}'), count: 2 }

test("a former writer's insert, select and deletion change nothing once the epoch is higher", async () => {
  const topic = topicOf("it's")
  const { warehouse } = stores
  assert.equal(await lastEpoch(warehouse, topic), 0n)
  const writerOf = async (epoch: bigint): Promise<{ table: TopicTable; id: () => string }> => {
    const fence = openFence(warehouse, topic, epoch)
    await fence.raise()
    const table = topicTable(warehouse, topic, fence)
    await table.prepare()
    return { table, id: () => fence.statementId() }
  }
  const former = await writerOf(7n)
  await former.table.insert(block, 0n, former.id())
  const staged = await former.table.stages.fill({ select: 'SELECT 3 AS n' }, 2n)
  assert.equal(await lastEpoch(warehouse, topic), 7n)

  const present = await writerOf(8n)
  await present.table.stages.clear()
  await present.table.insert(block, 2n, present.id())
  await assert.rejects(former.table.insert(block, 2n, former.id()), isFenced)
  await assert.rejects(former.table.attach(staged, former.id()))
  await former.table.cut(0n)
  assert.deepEqual([await present.table.end(), await present.table.rowsBetween(1n, 100n)], [4n, 4])
  await present.table.cut(2n)
  assert.equal(await present.table.end(), 2n)
  assert.equal(await lastEpoch(warehouse, topic), 8n)
})

test('the fence of one topic is not that of another', async () => {
  const [one, two] = [openFence(stores.warehouse, topicOf('one'), 3n), openFence(stores.warehouse, topicOf('two'), 1n)]
  await one.raise()
  await two.raise()
  assert.deepEqual(
    [await lastEpoch(stores.warehouse, topicOf('one')), await lastEpoch(stores.warehouse, topicOf('two'))],
    [3n, 1n],
  )
  assert.notEqual(one.statementId().split('/')[1], two.statementId().split('/')[1])
})
