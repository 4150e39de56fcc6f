import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '#adapters/clock-manual'
import { memoryLeases } from '#adapters/leases-memory'
import { MetricDefinition } from '#core/metric'
import { warehousePositions as positions } from '#adapters/log-warehouse'
import type { AppendedEvent, Position } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import { compileMetric } from '../definition/compile.ts'
import { datasetOf } from '../warehouse-fixture.ts'
import { caughtUp } from './caught-up.ts'
import { openCellFolding } from './fold-topics.ts'

const topic = { workspace: 'w', name: 'orders' }
const definition = MetricDefinition.parse({
  code: 'ORDERS',
  name: 'Orders',
  dataset: 'orders',
  time: 'at',
  measure: { type: 'count' },
})

/** One metric over a log whose end the test moves on; folds are counted and always succeed. */
function setup() {
  const clock = manualClock(1_000_000)
  const listeners = new Set<(event: AppendedEvent) => void>()
  const folds: { at: number; to: Position }[] = []
  let rows = 0
  const end = async (): Promise<Position> => positions.decode(String(rows))
  let reach = '0'
  const warehouse = {
    command: async (_: string, { parameters }: { parameters: { to: string } }) => {
      reach = parameters.to
      return { rowsWritten: 1 }
    },
    rows: async () => [{ folded: reach }],
  } as unknown as Warehouse
  const cellFolding = openCellFolding({
    warehouse,
    clock,
    leases: memoryLeases(),
    log: {
      positions,
      onAppended(listener) {
        listeners.add(listener)
        return { close: () => void listeners.delete(listener) }
      },
    },
    end,
    generation: async () => 'first',
    onFolded: (_, __, to) => void folds.push({ at: clock.now(), to }),
    onFailure: (_, error) => assert.fail(String(error)),
    onAhead: () => assert.fail('it is not ahead'),
  })
  const dataset = datasetOf({ name: 'orders', columns: [{ name: 'at', type: 'timestamp' }] })
  const compiled = compileMetric(definition, dataset, '`d`.`orders`')
  assert.ok('metric' in compiled)
  cellFolding.add(topic, compiled.metric, { database: 'd', table: 'cells' }, 'first')
  const append = (count: number): void => {
    rows += count
    const to = positions.decode(String(rows))
    for (const listener of listeners) listener({ topic, rows: count, to, duplicate: false })
  }
  return { clock, cellFolding, dataset, folds, append, end }
}

/** Ten rows a second for some seconds. */
async function flow({ clock, append }: ReturnType<typeof setup>, seconds: number): Promise<void> {
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    append(1)
    await clock.advance(100)
  }
}

test('while nobody watches, the first rows after a rest are folded at once and what follows seldom', async () => {
  const house = setup()
  await house.clock.advance(2_000)
  house.append(1)
  await house.clock.advance(100)
  assert.equal(house.folds.length, 1)
  await flow(house, 120)
  assert.ok(house.folds.length >= 4 && house.folds.length <= 5, `${house.folds.length} folds in two minutes`)
  await house.clock.advance(31_000)
  assert.equal(house.folds.at(-1)?.to, '1201', 'nothing is left behind')
  await house.cellFolding.close()
})

test('a watched metric is folded soon after rows come, from the moment somebody watches', async () => {
  const house = setup()
  await house.clock.advance(2_000)
  await flow(house, 5)
  const watching = house.cellFolding.watch('w', 'ORDERS')
  await house.clock.advance(100)
  assert.equal(house.folds.at(-1)?.to, '50')
  const { length } = house.folds
  await flow(house, 5)
  assert.ok(house.folds.length - length > 10, `${house.folds.length - length} folds in five seconds`)
  watching.close()
  watching.close()
  await house.clock.advance(1_000)
  const after = house.folds.length
  await flow(house, 9)
  assert.ok(house.folds.length - after <= 1, 'seldom again')
  await house.cellFolding.close()
})

test('a watched metric is folded soon after rows come, also while another of its topic rests', async () => {
  const house = setup()
  const rare = compileMetric({ ...definition, code: 'RARE' }, house.dataset, '`d`.`orders`')
  assert.ok('metric' in rare)
  const watched = house.cellFolding.add(topic, rare.metric, { database: 'd', table: 'rare' }, 'first')
  const watching = house.cellFolding.watch('w', 'RARE')
  await house.clock.advance(2_000)
  for (let row = 1; row <= 5; row++) {
    house.append(1)
    await house.clock.advance(600)
    assert.equal(watched.folded, String(row))
  }
  watching.close()
  await house.cellFolding.close()
})

test('many rows are folded soon, whoever watches', async () => {
  const house = setup()
  await house.clock.advance(2_000)
  await flow(house, 2)
  house.append(25_000)
  await house.clock.advance(600)
  assert.equal(house.folds.at(-1)?.to, '25020')
  await house.cellFolding.close()
})

test('another metric of the topic does not wait for one that rests', async () => {
  const house = setup()
  await house.clock.advance(2_000)
  await flow(house, 3)
  const watching = house.cellFolding.watch('elsewhere', 'ORDERS')
  await flow(house, 3)
  assert.equal(house.folds.length, 1, 'the same code in another workspace is another metric')
  watching.close()
  const compiled = compileMetric(
    definition,
    datasetOf({ name: 'orders', columns: [{ name: 'at', type: 'timestamp' }] }),
    '`d`.`orders`',
  )
  assert.ok('metric' in compiled)
  house.cellFolding.add(topic, compiled.metric, { database: 'd', table: 'more' }, 'first')
  await house.clock.advance(200)
  assert.equal(house.folds.at(-1)?.to, '60')
  await house.cellFolding.close()
})

test('whoever reads the views waits until the rows of a resting metric are in its cells', async () => {
  const house = setup()
  await house.clock.advance(2_000)
  await flow(house, 3)
  assert.equal(house.folds.length, 1, 'it rests')
  const wait = caughtUp(house.cellFolding, { ...house, positions })
  let held = false
  const waiting = wait('w').then(() => (held = true))
  await wait('elsewhere')
  await house.clock.advance(0)
  assert.equal(held, false)
  for (let step = 0; step < 5; step++) await house.clock.advance(50)
  await waiting
  assert.equal(house.folds.at(-1)?.to, '30')
  await flow(house, 5)
  assert.equal(house.folds.length, 2, 'it rests again')
  await house.cellFolding.close()
})
