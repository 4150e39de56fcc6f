import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatasetSpec } from '#core/dataset'
import { WarehouseUnavailable, type Warehouse } from '#ports/warehouse'
import { moduleFixture, type ModuleFixture } from '../module-fixture.ts'
import { systemReader } from '#modules/datasets'
import { randomSource } from '#tests/random'

const readerOf = (workspace: string) => systemReader('test', workspace)

const random = randomSource(7)
let faults: 'none' | 'before' | 'after' | 'late' = 'none'
let house: ModuleFixture

/** A warehouse whose folds fail before they begin, after they took effect, or while they still run. */
function faulty(warehouse: Warehouse): Warehouse {
  return {
    ...warehouse,
    features: warehouse.features,
    async command(sql, options) {
      if (faults === 'none' || !sql.startsWith('INSERT INTO') || random.chance(0.3))
        return warehouse.command(sql, options)
      const lost = new WarehouseUnavailable('the connection was lost')
      if (faults === 'before') throw lost
      if (faults === 'late') {
        void sleep(random.whole(0, 300)).then(() => warehouse.command(sql, options).catch(() => undefined))
        throw lost
      }
      await warehouse.command(sql, options)
      throw lost
    },
  }
}

before(async () => {
  house = await moduleFixture({ wrap: faulty })
  await house.datasets.create(
    'test',
    DatasetSpec.parse({
      name: 'orders',
      columns: [
        { name: 'at', type: 'timestamp' },
        { name: 'amount', type: 'integer' },
      ],
    }),
    { kind: 'declared' },
  )
  const metric = (code: string, more: object) => ({ code, name: code, dataset: 'orders', time: 'at', ...more })
  await house.metrics.create('test', metric('ALL', { measure: { type: 'sum', expression: 'amount' } }))
  await house.metrics.create('test', metric('RARE', { measure: { type: 'count' }, filter: 'amount = 7' }))
  // Unwatched metrics rest ten seconds after a fold; watched ones meet more faults in less time.
  for (const code of ['ALL', 'RARE']) house.metrics.watch('test', code)
})
after(() => house.close())

const expected = { all: 0, rare: 0 }

async function ingest(blocks: number): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    const rows = Array.from({ length: random.whole(1, 30) }, () => ({
      at: new Date(Date.parse('2026-11-20') + random.whole(0, 86_399_000)).toISOString(),
      amount: random.whole(0, 20),
    }))
    await house.ingest('orders', rows)
    for (const { amount } of rows) expected.all += amount
    expected.rare += rows.filter(({ amount }) => amount === 7).length
    await sleep(random.whole(0, 60))
  }
}

/** Of the cells alone: the views read nothing else. */
async function inCells(): Promise<string> {
  const rows = await house.ports.warehouse.rows<{ code: string; value: number }>(
    'SELECT code, sum(value) AS value FROM ws_test.kpi_values_day GROUP BY code ORDER BY code',
  )
  return rows.map(({ code, value }) => `${code} ${value}`).join(', ')
}

async function comeTrue(): Promise<void> {
  const wanted = `ALL ${expected.all}, RARE ${expected.rare}`
  for (let tries = 0; (await inCells().catch(String)) !== wanted; tries++) {
    assert.ok(tries < 400, `the cells say ${await inCells().catch(String)}, and it should be ${wanted}`)
    await sleep(50)
  }
  await sleep(400)
  assert.equal(await inCells(), wanted, 'it stays so')
  const day = { period: 'day' as const, from: Date.parse('2026-11-20'), to: Date.parse('2026-11-21') }
  assert.equal((await house.metrics.values(readerOf('test'), { code: 'ALL', ...day })).points[0]?.value, expected.all)
}

for (const fault of ['before', 'after', 'late'] as const) {
  test(`folds that fail ${fault === 'late' ? 'and take effect later' : `${fault} they take effect`} count every row once`, async () => {
    faults = fault
    await ingest(12)
    await sleep(500)
    faults = 'none'
    await comeTrue()
  })
}

test('an engine killed during folds counts every row once when it is back', async () => {
  for (let kill = 0; kill < 3; kill++) {
    await ingest(3)
    await sleep(random.whole(0, 120))
    if (house.engine.pid !== undefined) process.kill(house.engine.pid, 'SIGKILL')
    await comeTrue()
  }
})
