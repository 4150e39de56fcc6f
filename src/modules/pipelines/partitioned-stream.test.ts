/** Streaming over a log of three partitions: slices are vectors, and every row is loaded once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { partitionedLog } from '#ports/suites/partitioned-log-fixture'
import { until } from '#tests/house/until'
import { pipelinesOf } from './drive-fixture.ts'
import { openHouse, type House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse({ wrapPorts: (ports) => ({ ...ports, log: partitionedLog(ports.log, ports.warehouse) }) })
})
after(() => house.close())

const { count } = pipelinesOf(() => house)

/** Events in blocks of one, which lie in all partitions. */
async function send(from: number, events: number): Promise<void> {
  for (let n = from; n < from + events; n++)
    await house.call('POST', '/api/v1/streams/clicks/events', [{ n }], { 'idempotency-key': `event ${n}` })
}

test('a streaming pipeline loads each row of each partition once, also after a restart', async () => {
  await send(0, 12)
  const { body: pipeline } = await house.call('POST', '/api/v1/pipelines', {
    name: 'clicks',
    type: 'streaming',
    source: { type: 'stream', config: { stream: 'clicks' } },
    destination: { type: 'dataset', config: { dataset: 'copied' } },
  })
  await house.call('POST', `/api/v1/pipelines/${pipeline.id}/resume`)
  await until('12 rows in copied', async () => (await count('copied')) === 12)
  await send(12, 6)
  await until('18 rows in copied', async () => (await count('copied')) === 18)
  await house.restart()
  await send(18, 6)
  await until('24 rows in copied', async () => (await count('copied')) === 24)
  const { body: paused } = await house.call('POST', `/api/v1/pipelines/${pipeline.id}/pause`)
  assert.equal(paused.status, 'paused')
  const run = await until('the run ended', async () => {
    const { body } = await house.call('GET', `/api/v1/pipelines/${pipeline.id}`)
    return body.lastRun.status === 'succeeded' ? body.lastRun : undefined
  })
  assert.deepEqual(run.rows, { read: 24, written: 24, quarantined: 0 })
  const rows = await house.ports.warehouse.rows<{ n: string }>('SELECT toString(n) AS n FROM ws_default.copied')
  assert.deepEqual(
    rows.map(({ n }) => Number(n)).toSorted((a, b) => a - b),
    Array.from({ length: 24 }, (_, n) => n),
  )
})

test('events are replayed after a position of three components', async () => {
  const { body: first } = await house.call('GET', '/api/v1/streams/clicks/events?limit=10')
  assert.equal(first.items.length, 10)
  const { body: rest } = await house.call(
    'GET',
    `/api/v1/streams/clicks/events?limit=1000&after=${encodeURIComponent(first.position)}`,
  )
  const numbers = [...first.items, ...rest.items].map(({ n }: { n: string }) => Number(n))
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 24 }, (_, n) => n),
  )
})
