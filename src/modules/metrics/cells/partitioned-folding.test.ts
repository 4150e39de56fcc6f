/** Folding over a log of three partitions: the marker of the cells is a vector, and every row counts once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatasetSpec } from '#core/dataset'
import { systemReader } from '#modules/datasets'
import type { Position } from '#ports/log'
import { partitionedLog, partitionedPositions } from '#ports/suites/partitioned-log-fixture'
import { moduleFixture, type ModuleFixture } from '../module-fixture.ts'
import { numbersChanged, readNumbersChanged } from '../numbers-changed.ts'

let house: ModuleFixture
before(async () => {
  house = await moduleFixture({ wrapLog: partitionedLog })
  const columns = [
    { name: 'at', type: 'timestamp' },
    { name: 'amount', type: 'integer' },
  ]
  await house.datasets.create('test', DatasetSpec.parse({ name: 'orders', columns }), { kind: 'declared' })
  await house.metrics.create('test', {
    code: 'SUM',
    name: 'Sum',
    dataset: 'orders',
    time: 'at',
    measure: { type: 'sum', expression: 'amount' },
  })
})
after(() => house.close())

const day = { period: 'day', from: Date.parse('2026-11-20'), to: Date.parse('2026-11-21') } as const

async function answered(): Promise<number | null | undefined> {
  const { points } = await house.metrics.values(systemReader('test', 'test'), { code: 'SUM', ...day })
  return points[0]?.value
}

/** Of the cells alone: the views read nothing else. */
async function inCells(): Promise<number> {
  const [row] = await house.ports.warehouse.rows<{ value: number }>(
    'SELECT sum(value) AS value FROM ws_test.kpi_values_day',
  )
  return row?.value ?? 0
}

test('rows of every partition are folded once, and answers do not depend on how far', async () => {
  const ends: Position[] = []
  const listening = await house.ports.bus.subscribe(numbersChanged, (message) => {
    const { folded } = readNumbersChanged(message)
    if (folded) ends.push(folded.to)
  })
  const watching = house.metrics.watch('test', 'SUM')
  let sum = 0
  for (let block = 1; block <= 30; block++) {
    await house.ingest('orders', [{ at: `2026-11-20T10:${String(block).padStart(2, '0')}:00Z`, amount: block }])
    sum += block
    assert.equal(await answered(), sum)
  }
  for (const deadline = Date.now() + 30_000; (await inCells()) !== sum;) {
    assert.ok(Date.now() < deadline, `the cells say ${await inCells()} instead of ${sum}`)
    await sleep(20)
  }
  watching.close()
  await listening.close()
  const end = await house.datasets.end('test', 'orders')
  assert.equal(ends.at(-1), end)
  assert.ok(ends.every((position, index) => partitionedPositions.covers(position, ends[index - 1] ?? position)))
  const [earlier] = ends
  const minutes = await house.metrics.changedMinutes('test', 'SUM', earlier!, 100)
  const before = await house.metrics.changedMinutes('test', 'SUM', partitionedPositions.start, 100)
  assert.deepEqual(
    [before.length, minutes.length < 30, minutes.every((minute) => before.includes(minute))],
    [30, true, true],
  )
  assert.equal(await answered(), sum)
})
