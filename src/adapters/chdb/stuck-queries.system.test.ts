import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, test } from 'node:test'
import { openClickhouse } from '#adapters/clickhouse'
import { WarehouseError, WarehouseUnavailable, type Warehouse } from '#ports/warehouse'
import { until } from '#tests/house/until'
import { watchStuckQueries } from './stuck-queries.ts'
import { startEngine, type Engine, type EngineEvent, type EngineOptions } from './supervisor.ts'

/** One function call that the engine does not stop. */
const endless =
  'SELECT arrayLevenshteinDistanceWeighted(range(200001), range(200001), range(200001), range(200001)) AS d'

test('a query that was left no longer counts when it has ended, well or badly', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const reports: number[] = []
  const limits = { slackMs: 100, graceMs: 200, maxStuck: 1, maxStuckMs: 5_000 }
  const queries = watchStuckQueries(limits, (count) => reports.push(count))
  const leave = async (work: Promise<void>): Promise<void> => {
    const stop = t.mock.fn(async () => undefined)
    const query = { maxSeconds: 1, abort: new AbortController(), stop }
    const answer = assert.rejects(
      queries.run(query, () => work),
      /Timeout exceeded/,
    )
    t.mock.timers.tick(1_100)
    assert.equal(stop.mock.callCount(), 1)
    t.mock.timers.tick(200)
    await answer
  }
  for (let turn = 0; turn < 3; turn += 1) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    await leave(promise)
    assert.equal(queries.count, 1)
    if (turn === 0) reject(new Error('stopped'))
    else resolve()
    await promise.catch(() => undefined)
    assert.equal(queries.count, 0)
    t.mock.timers.tick(5_000)
  }
  assert.deepEqual(reports, [])
  const endless = new Promise<void>(() => undefined)
  await leave(endless)
  await leave(endless)
  assert.deepEqual(reports, [2])
})

interface Opened {
  readonly engine: Engine
  readonly warehouse: Warehouse
  readonly events: EngineEvent[]
}

describe('a query that the engine does not stop', { timeout: 120_000 }, () => {
  let close: () => Promise<void> = async () => undefined
  afterEach(() => close())

  async function open(options: Pick<EngineOptions, 'stuck' | 'lanes'>): Promise<Opened> {
    const home = await mkdtemp(join(tmpdir(), 'millrace-stuck-'))
    const events: EngineEvent[] = []
    const engine = await startEngine({
      home,
      durability: 'process',
      onEvent: (event) => events.push(event),
      ...options,
      stuck: { slackMs: 100, graceMs: 200, ...options.stuck },
    })
    const warehouse = openClickhouse({ endpoint: engine.endpoint, features: { localFiles: true } })
    close = async () => {
      await warehouse.close()
      await engine.stop()
      await rm(home, { recursive: true, force: true })
    }
    return { engine, warehouse, events }
  }

  const isTimeout = (error: unknown): boolean => error instanceof WarehouseError && error.kind === 'timeout'
  const kinds = (events: readonly EngineEvent[]): string[] => events.map((event) => event.kind)

  test('is answered by the clock and gives its place back', async () => {
    const { engine, warehouse, events } = await open({ lanes: { query: 2 }, stuck: { maxStuck: 3 } })
    const { pid } = engine
    const stuck = [1, 2].map(() => assert.rejects(warehouse.rows(endless, { limits: { seconds: 0.5 } }), isTimeout))
    await Promise.all(stuck)
    assert.deepEqual(await warehouse.rows('SELECT 1 AS a'), [{ a: 1 }])
    const [row] = await warehouse.rows<{ n: string }>(
      "SELECT count() AS n FROM system.processes WHERE is_cancelled AND query LIKE 'SELECT arrayLev%'",
    )
    assert.equal(row?.n, '2')
    assert.deepEqual([kinds(events), engine.pid], [['ready'], pid])
  })

  test('is answered by the clock while its answer streams', async () => {
    const { warehouse } = await open({ stuck: { maxStuck: 3 } })
    const sql = `SELECT number, if(number < 3, 0, arrayLevenshteinDistanceWeighted(range(200001 + number), range(200001 + number), range(200001 + number), range(200001 + number))) AS d
      FROM numbers(5) SETTINGS max_block_size = 1, max_threads = 1, short_circuit_function_evaluation = 'force_enable', output_format_parallel_formatting = 0`
    await assert.rejects(async () => {
      const stream = await warehouse.stream(sql, 'JSONEachRow', { limits: { seconds: 0.5 } })
      for await (const _chunk of stream) continue
    }, isTimeout)
  })

  test('is left when its caller goes away', async () => {
    const { warehouse } = await open({ lanes: { query: 1 }, stuck: { maxStuck: 3 } })
    const abort = new AbortController()
    const left = warehouse.rows(endless, { signal: abort.signal })
    setTimeout(() => abort.abort(), 200)
    await assert.rejects(left)
    assert.deepEqual(await warehouse.rows('SELECT 1 AS a'), [{ a: 1 }])
  })

  test('restarts the engine when there are too many', async () => {
    const { engine, warehouse, events } = await open({ lanes: { query: 2 }, stuck: { maxStuck: 1 } })
    const { pid } = engine
    const stuck = [1, 2].map(() => assert.rejects(warehouse.rows(endless, { limits: { seconds: 0.5 } }), isTimeout))
    await Promise.all(stuck)
    assert.deepEqual(await warehouse.rows('SELECT 1 AS a'), [{ a: 1 }])
    assert.deepEqual(kinds(events), ['ready', 'stuck', 'ended', 'ready'])
    assert.notEqual(engine.pid, pid)
  })

  test('restarts the engine when it runs for too long', async () => {
    const { warehouse, events } = await open({ stuck: { maxStuck: 3, maxStuckMs: 500 } })
    await assert.rejects(warehouse.rows(endless, { limits: { seconds: 0.2 } }), isTimeout)
    await until('a stuck query', () => kinds(events).includes('stuck'))
    assert.deepEqual(await warehouse.rows('SELECT 1 AS a'), [{ a: 1 }])
  })

  test('costs no acknowledged row when the engine is restarted', async () => {
    const { warehouse, events } = await open({ stuck: { maxStuck: 0 } })
    await warehouse.command('CREATE TABLE kept (n UInt64) ENGINE = MergeTree ORDER BY n')
    const acknowledged: number[] = []
    let writing = true
    const writer = (async () => {
      for (let n = 0; writing; n += 1) {
        try {
          await warehouse.insert('INSERT INTO kept FORMAT JSONEachRow', Buffer.from(`{"n":${n}}`), { lane: 'ingest' })
          acknowledged.push(n)
        } catch (error) {
          assert.ok(error instanceof WarehouseUnavailable, String(error))
        }
      }
    })()
    try {
      await assert.rejects(warehouse.rows(endless, { limits: { seconds: 0.2 } }), isTimeout)
      await until('the engine started again', () => events.filter((event) => event.kind === 'ready').length === 2)
      const before = acknowledged.length
      await until('more writes', () => acknowledged.length > before + 10)
    } finally {
      writing = false
      await writer
    }
    const rows = await warehouse.rows<{ n: string }>('SELECT n FROM kept', { limits: { rows: 1_000_000 } })
    const kept = new Set(rows.map((row) => Number(row.n)))
    assert.deepEqual(
      acknowledged.filter((n) => !kept.has(n)),
      [],
    )
    assert.equal(kept.size, rows.length)
  })
})
