import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatasetSpec } from '#core/dataset'
import { systemReader } from '#modules/datasets'
import { moduleFixture, type ModuleFixture } from './module-fixture.ts'

const readerOf = (workspace: string) => systemReader('test', workspace)

let house: ModuleFixture
before(async () => {
  house = await moduleFixture()
  const columns = [
    { name: 'at', type: 'timestamp' },
    { name: 'amount', type: 'integer' },
  ]
  await house.datasets.create('test', DatasetSpec.parse({ name: 'orders', columns }), { kind: 'declared' })
  const sum = { type: 'sum', expression: 'amount' }
  await house.metrics.create('test', { code: 'SUM', name: 'Sum', dataset: 'orders', time: 'at', measure: sum })
  house.metrics.watch('test', 'SUM')
})
after(() => house.close())

const day = { period: 'day' as const, from: Date.parse('2026-11-20'), to: Date.parse('2026-11-21') }
const total = async (): Promise<number | null | undefined> =>
  (await house.metrics.values(readerOf('test'), { code: 'SUM', ...day })).points[0]?.value
const overwrite = (blockId: string, amount: number, rows: number): Promise<unknown> =>
  house.datasets.load('test', 'orders', {
    blockId,
    mode: 'overwrite',
    select: `SELECT toDateTime64('2026-11-20 12:00:00', 6, 'UTC') AS at, toInt64(${amount}) AS amount FROM numbers(${rows})`,
  })

/** Of the cells alone. */
async function inCells(wanted: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const rows = await house.ports.warehouse
      .rows<{ value: number }>("SELECT sum(value) AS value FROM ws_test.kpi_values_day WHERE code = 'SUM'")
      .catch(() => [])
    if (Number(rows[0]?.value) === wanted) return
    assert.ok(tries < 200, `the cells say ${JSON.stringify(rows)}, and it should be ${wanted}`)
    await sleep(50)
  }
}

test('a metric over replaced rows gives what they say: of before or of after, never both, in cells too', async () => {
  await house.ingest('orders', [{ at: '2026-11-20T10:00:00Z', amount: 3 }])
  await inCells(3)
  const allowed = new Set<unknown>([3])
  let asking = true
  const seen: unknown[] = []
  const reader = (async () => {
    while (asking) seen.push(await total())
  })()
  let before = 3
  for (let round = 1; round <= 6; round++) {
    allowed.add(round * 1_000)
    await overwrite(`r${round}`, round, 1_000)
    assert.equal(await total(), round * 1_000, `after ${before}`)
    before = round * 1_000
  }
  asking = false
  await reader
  assert.deepEqual(
    seen.filter((value) => !allowed.has(value)),
    [],
  )
  await inCells(6_000)
  await house.ingest('orders', [{ at: '2026-11-20T10:00:00Z', amount: 1 }])
  assert.equal(await total(), 6_001)
  await inCells(6_001)
  await overwrite('none', 0, 0)
  assert.equal(await total(), undefined)
  await inCells(0)
})

test('cells of rows that were replaced are not used after a restart, even when nobody heard of it', async () => {
  await house.ingest('orders', [{ at: '2026-11-20T10:00:00Z', amount: 5 }])
  await inCells(5)
  // The log alone takes the replacement, as if the server had ended right behind it.
  const select = `SELECT toDateTime64('2026-11-20 12:00:00', 6, 'UTC') AS at, toInt64(7) AS amount`
  const stopping = house.ports.log.append({ workspace: 'test', name: 'orders' }, { id: 'last', select, replace: true })
  await stopping
  await house.restart()
  assert.equal(await total(), 7)
  await inCells(7)
})
