import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '#adapters/clock-system'
import { memoryLeases } from '#adapters/leases-memory'
import { registerLogSuite } from '#ports/suites/log'
import { isLong, seed } from '#tests/long-form'
import { openEngines } from './embedded-fixture.ts'
import { openWarehouseLog } from './log.ts'

/** The two differ in the fence only, which has a test of its own: the short form takes one of them. */
const kinds = isLong ? [false, true] : [seed % 2 === 1]
for (const shared of kinds) {
  registerLogSuite(shared ? 'warehouse that other servers reach' : 'warehouse', async () => {
    const stores = await openEngines(undefined, { shared })
    const open = () => openWarehouseLog({ ...stores, clock: systemClock(), leases: memoryLeases() })
    return { log: await open(), restart: open, selects: true, replaces: true, closed: () => stores.remove() }
  })
}

test('positions are the numbers 1, 2, 3 … in the order of acknowledgement', async () => {
  const stores = await openEngines()
  const log = await openWarehouseLog({ ...stores, clock: systemClock(), leases: memoryLeases() })
  const columns = [{ name: 'n', type: 'Int64', required: true }]
  const topic = { workspace: 'w', name: 't', database: 'ws_w', table: 't', columns, rememberIdsMs: 60_000 }
  await log.open(topic)
  const append = (id: string, ...numbers: readonly number[]) =>
    log.append(topic, { id, ndjson: Buffer.from(numbers.map((n) => `{"n":${n}}\n`).join('')), count: numbers.length })
  assert.deepEqual([(await append('a', 7, 8)).to, (await append('b', 9)).to, await log.end(topic)], ['2', '3', '3'])
  const { ndjson } = await log.read(topic, { after: log.positions.decode('1'), limit: 10 })
  assert.deepEqual(
    Buffer.from(ndjson)
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)._position),
    ['2', '3'],
  )
  await log.close()
  await stores.remove()
})
