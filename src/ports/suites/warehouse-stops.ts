/** The part of the warehouse suite about ending calls. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WarehouseError, type Warehouse } from '../warehouse.ts'
import type { InsertPlace } from './warehouse-inserts.ts'

export function registerStops({ warehouse, table, count }: InsertPlace): void {
  test('a reader that goes away stops its query', async () => {
    const queryId = randomUUID()
    const stream = await warehouse().stream('SELECT number FROM numbers(100000000000)', 'TabSeparated', { queryId })
    stream.once('data', () => stream.destroy())
    await gone(queryId)
  })

  test('an aborted call rejects at once and stops in the engine', async () => {
    const queryId = randomUUID()
    const abort = new AbortController()
    const running = warehouse().rows('SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1', {
      queryId,
      signal: abort.signal,
    })
    setTimeout(() => abort.abort(), 300)
    await assert.rejects(running, (error) => error instanceof WarehouseError && error.kind === 'cancelled')
    await gone(queryId)
    assert.deepEqual(await warehouse().rows('SELECT 1 AS a'), [{ a: 1 }])
  })

  test('cancel stops a query by its id', async () => {
    const queryId = randomUUID()
    const running = warehouse().command(
      'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1 FORMAT Null',
      { queryId },
    )
    setTimeout(() => void warehouse().cancel(queryId), 300)
    await assert.rejects(running, (error) => error instanceof WarehouseError && error.kind === 'cancelled')
    await gone(queryId)
  })

  test('endQuery resolves when a query no longer runs, and for one that never ran', async () => {
    const place = await table('n UInt64')
    const queryId = randomUUID()
    const running = warehouse()
      .command(`INSERT INTO ${place} SELECT number FROM numbers(1000000000000) WHERE sipHash64(number) % 1000 = 1`, {
        queryId,
      })
      .catch((error: unknown) => error)
    const isRunning = async (): Promise<boolean> => {
      const sql = "SELECT 1 FROM system.processes WHERE query_id = {id:String} OR Settings['log_comment'] = {id:String}"
      return (await warehouse().rows(sql, { parameters: { id: queryId } })).length > 0
    }
    while (!(await isRunning())) await sleep(20)
    await warehouse().endQuery(queryId)
    assert.equal(await isRunning(), false)
    const rows = await count(place)
    assert.ok((await running) instanceof Error)
    assert.equal(await count(place), rows)
    await warehouse().endQuery(randomUUID())
  })

  async function gone(queryId: string): Promise<void> {
    for (let turn = 0; turn < 100; turn += 1) {
      const rows = await warehouse().rows(
        "SELECT 1 FROM system.processes WHERE query_id = {id:String} OR (query NOT LIKE 'KILL%' AND Settings['log_comment'] = {id:String})",
        { parameters: { id: queryId } },
      )
      if (rows.length === 0) return
      await sleep(100)
    }
    assert.fail('the query still runs')
  }
}

/** To be registered last: the work of such a call may continue in an engine that is not ours. */
export function registerOverrun(warehouse: () => Warehouse): void {
  test('a call whose one function the engine does not stop ends by its limit of time', async () => {
    const sql = 'SELECT arrayLevenshteinDistanceWeighted(range(200001), range(200001), range(200001), range(200001))'
    const began = performance.now()
    await assert.rejects(
      warehouse().rows(sql, { limits: { seconds: 1 } }),
      (error) => error instanceof WarehouseError && error.kind === 'timeout',
    )
    const took = performance.now() - began
    assert.ok(took < 20_000, `it took ${took} ms`)
    assert.deepEqual(await warehouse().rows('SELECT 1 AS a'), [{ a: 1 }])
  })
}
