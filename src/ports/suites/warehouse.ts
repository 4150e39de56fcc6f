/** What every warehouse must do. Adapters call it with a way to open one; each test has its own database. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WarehouseError, WarehouseUnavailable, type Warehouse, type WarehouseErrorKind } from '../warehouse.ts'
import { registerInserts } from './warehouse-inserts.ts'
import { registerOverrun, registerStops } from './warehouse-stops.ts'

export interface WarehouseUnderTest {
  readonly warehouse: Warehouse
  /** Kills the engine as a power cut would, where the test may; it comes back by itself. */
  readonly kill?: () => void
  close(): Promise<void>
}

export function registerWarehouseSuite(name: string, open: () => Promise<WarehouseUnderTest>): void {
  describe(`warehouse: ${name}`, { timeout: 180_000 }, () => {
    let under: WarehouseUnderTest
    let warehouse: Warehouse

    before(async () => {
      under = await open()
      warehouse = under.warehouse
    })
    after(() => under.close())

    async function table(columns: string): Promise<string> {
      const database = `suite_${randomUUID().replaceAll('-', '')}`
      await warehouse.command(`CREATE DATABASE ${database}`)
      await warehouse.command(`CREATE TABLE ${database}.t (${columns}) ENGINE = MergeTree ORDER BY tuple()`)
      return `${database}.t`
    }

    async function count(from: string): Promise<number> {
      const [row] = await warehouse.rows<{ n: string }>(`SELECT count() AS n FROM ${from}`)
      return Number(row?.n)
    }

    test('rows answers objects, with 64-bit integers and decimals as text', async () => {
      const rows = await warehouse.rows(
        "SELECT toUInt64(18446744073709551615) AS big, toDecimal64('1.50', 2) AS price, 3::UInt8 AS small, NULL AS none",
      )
      assert.deepEqual(rows, [{ big: '18446744073709551615', price: '1.5', small: 3, none: null }])
    })

    test('parameters arrive as they were given, whatever is in them', async () => {
      const hostile = [
        "'; DROP TABLE t; --",
        'a\\',
        "\\'",
        'line\nbreak\ttab\rreturn',
        '{x:String}',
        '$$heredoc$$',
        'null',
        '\\N',
        'ünï→😀',
        '`"',
      ]
      for (const text of hostile) {
        assert.deepEqual(await warehouse.rows('SELECT {text:String} AS text', { parameters: { text } }), [{ text }])
      }
      assert.deepEqual(await warehouse.rows('SELECT {list:Array(String)} AS list', { parameters: { list: hostile } }), [
        { list: hostile },
      ])
      const typed = await warehouse.rows(
        'SELECT {i:Int64} AS i, {f:Float64} AS f, {b:Bool} AS b, {n:Nullable(String)} AS n, {d:Date} AS d',
        {
          parameters: { i: '-9007199254740993', f: 0.5, b: true, n: null, d: '2026-11-21' },
        },
      )
      assert.deepEqual(typed, [{ i: '-9007199254740993', f: 0.5, b: true, n: null, d: '2026-11-21' }])
    })

    test('an identifier parameter names a table', async () => {
      const place = await table('a Int64')
      const [database, name] = place.split('.')
      assert.deepEqual(
        await warehouse.rows('SELECT count() AS n FROM {database:Identifier}.{name:Identifier}', {
          parameters: { database, name },
        }),
        [{ n: '0' }],
      )
    })

    test('parameters and settings of one call are unknown to the next', async () => {
      await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          warehouse.rows('SELECT {secret:UInt8} AS s', {
            parameters: { secret: index },
            settings: { maxStatementBytes: 100_000 + index },
          }),
        ),
      )
      for (let turn = 0; turn < 12; turn += 1) {
        await assert.rejects(
          warehouse.rows('SELECT {secret:UInt8} AS s'),
          (error) => error instanceof WarehouseError && error.kind === 'missing_parameter',
        )
        const [row] = await warehouse.rows<{ size: string }>("SELECT toString(getSetting('max_query_size')) AS size")
        assert.ok(Number(row?.size) > 200_000)
      }
    })

    test('the database of one call is not the database of the next', async () => {
      const [database] = (await table('a Int64')).split('.')
      assert.deepEqual(await warehouse.rows('SELECT currentDatabase() AS d', { database: database ?? '' }), [
        { d: database },
      ])
      assert.notDeepEqual(await warehouse.rows('SELECT currentDatabase() AS d'), [{ d: database }])
    })

    test('parallel calls keep their parameters apart', async () => {
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          warehouse.rows<{ v: number }>('SELECT {v:UInt16} AS v', { parameters: { v: index } }),
        ),
      )
      assert.deepEqual(
        answers.map(([row]) => row?.v),
        Array.from({ length: 60 }, (_, index) => index),
      )
    })

    test("errors carry their kind and the engine's words", async () => {
      const failing: readonly (readonly [string, WarehouseErrorKind, RegExp])[] = [
        ['SELECT nosuch', 'unknown_column', /nosuch/],
        ['SELECT * FROM nosuch', 'unknown_table', /nosuch/],
        ['SELEC 1', 'syntax', /[Ss]yntax/],
        ['SELECT 1; SELECT 2', 'syntax', /[Mm]ulti-statements/],
        ["SELECT throwIf(1, 'said no')", 'data', /said no/],
        ["SELECT toInt8('x')", 'data', /x/],
        ['SELECT nosuch(1)', 'unknown_function', /nosuch/],
        ['SELECT {nosuch:String}', 'missing_parameter', /nosuch/],
        ['SELECT * FROM nosuch.nosuch', 'unknown_table', /nosuch/],
        [`SELECT ${'('.repeat(3000)}1${')'.repeat(3000)}`, 'too_complex', /depth/],
        ["SELECT encrypt('nosuch', 'a', 'b')", 'other', /nosuch/],
      ]
      for (const [sql, kind, words] of failing) {
        await assert.rejects(
          warehouse.rows(sql),
          (error) => error instanceof WarehouseError && error.kind === kind && words.test(error.message),
          sql,
        )
      }
      await assert.rejects(
        warehouse.command('DROP TABLE nosuch'),
        (error) => error instanceof WarehouseError && error.kind === 'unknown_table',
      )
      const place = await table('a Int8')
      await assert.rejects(
        warehouse.command(`CREATE TABLE ${place} (a Int8) ENGINE = Memory`),
        (error) => error instanceof WarehouseError && error.kind === 'exists',
      )
    })

    test('limits on rows, time and memory stop a query', async () => {
      await assert.rejects(
        warehouse.rows('SELECT * FROM numbers(20000)'),
        (error) => error instanceof WarehouseError && error.kind === 'limit',
      )
      await assert.rejects(
        warehouse.rows('SELECT * FROM numbers(11)', { limits: { rows: 10 } }),
        (error) => error instanceof WarehouseError && error.kind === 'limit',
      )
      const slow = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1'
      await assert.rejects(
        warehouse.rows(slow, { limits: { seconds: 1 } }),
        (error) => error instanceof WarehouseError && error.kind === 'timeout',
      )
      await assert.rejects(
        warehouse.rows('SELECT length(groupArray(number)) FROM numbers(100000000)', {
          limits: { memoryBytes: 50_000_000 },
        }),
        (error) => error instanceof WarehouseError && error.kind === 'memory',
      )
    })

    test('a big answer streams in bounded memory', async () => {
      const before = process.memoryUsage.rss()
      let bytes = 0
      let peak = 0
      for await (const chunk of await warehouse.stream(
        "SELECT number, repeat('x', 100) AS text FROM numbers(4000000)",
        'JSONEachRow',
      )) {
        bytes += chunk.length
        peak = Math.max(peak, process.memoryUsage.rss() - before)
      }
      assert.ok(bytes > 400_000_000)
      assert.ok(peak < 300_000_000, `grew by ${peak} bytes`)
    })

    test('a stream is one document in every format', async () => {
      const chunks = await (await warehouse.stream('SELECT number FROM numbers(200000)', 'JSON')).toArray()
      assert.equal(JSON.parse(Buffer.concat(chunks).toString()).rows, 200_000)
      const csv = Buffer.concat(
        await (await warehouse.stream('SELECT number AS n FROM numbers(200000)', 'CSVWithNames')).toArray(),
      ).toString()
      assert.equal(csv.split('\n').filter((line) => line === '"n"').length, 1)
      const parquet = Buffer.concat(
        await (await warehouse.stream('SELECT number AS n FROM numbers(200000)', 'Parquet')).toArray(),
      )
      assert.equal(parquet.indexOf('PAR1', 4), parquet.length - 4)
      const empty = await (await warehouse.stream('SELECT 1 WHERE 0', 'JSONEachRow')).toArray()
      assert.equal(Buffer.concat(empty).length, 0)
    })

    test('EXPLAIN, SHOW and DESCRIBE answer as rows', async () => {
      const tree = await warehouse.rows<{ explain: string }>('EXPLAIN AST SELECT {n:UInt8} -- why', {
        parameters: { n: 1 },
      })
      assert.equal(tree[0]?.explain, 'SelectWithUnionQuery (children 1)')
      assert.equal(
        tree.some((row) => /JSONEachRow|OUTFILE/.test(row.explain)),
        false,
      )
      assert.ok((await warehouse.rows('SHOW DATABASES')).length > 1)
      assert.deepEqual(
        (await warehouse.rows<{ name: string }>('DESCRIBE (SELECT 1 AS a)')).map((row) => row.name),
        ['a'],
      )
    })

    test('an error midway breaks the stream with its kind', async () => {
      await assert.rejects(
        async () => {
          const stream = await warehouse.stream(
            'SELECT number, throwIf(number = 1000000) FROM numbers(2000000) SETTINGS max_threads = 1',
            'JSONEachRow',
          )
          for await (const _chunk of stream) continue
        },
        (error) => error instanceof WarehouseError && error.kind === 'data',
      )
    })

    test('a slow reader gets the same error', async () => {
      await assert.rejects(
        async () => {
          const stream = await warehouse.stream(
            "SELECT number, repeat('x', 1000), throwIf(number = 4000) FROM numbers(5000) SETTINGS max_threads = 1, max_block_size = 500",
            'JSONEachRow',
          )
          for await (const _chunk of stream) await sleep(20)
        },
        (error) => error instanceof WarehouseError && error.kind === 'data',
      )
    })

    registerStops({ warehouse: () => warehouse, table, count })

    test('progress is reported while a query runs', async () => {
      const seen: number[] = []
      await warehouse.command(
        'SELECT sum(sleepEachRow(0.002)) FROM numbers(600) SETTINGS max_block_size = 10, max_threads = 1 FORMAT Null',
        { onProgress: (progress) => seen.push(progress.rowsRead) },
      )
      assert.ok(seen.length >= 2 && (seen.at(-1) ?? 0) > 0, `saw ${seen}`)
    })

    registerInserts({ warehouse: () => warehouse, table, count })

    test('long questions do not hold up ingest', async () => {
      const place = await table('a Int64')
      const abort = new AbortController()
      const questions = Array.from({ length: 20 }, () =>
        warehouse
          .rows('SELECT sum(sleepEachRow(0.1)) FROM numbers(100) SETTINGS max_block_size = 1', {
            signal: abort.signal,
            limits: { seconds: 60 },
          })
          .catch(() => undefined),
      )
      await sleep(300)
      const began = performance.now()
      await warehouse.insert(`INSERT INTO ${place} FORMAT JSONEachRow`, Buffer.from('{"a":1}\n'), { lane: 'ingest' })
      const took = performance.now() - began
      abort.abort()
      await Promise.all(questions)
      assert.ok(took < 3000, `the insert took ${took} ms`)
    })

    test('a killed engine comes back with every acknowledged row, each once', async (context) => {
      if (under.kill === undefined) return context.skip('the engine is not ours to kill')
      const place = await table('writer UInt8, n UInt64')
      const acknowledged: string[] = []
      const attempted = new Set<string>()
      let writing = true
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let n = 0; writing; n += 1) {
          attempted.add(`${writer}:${n}`)
          try {
            await warehouse.insert(
              `INSERT INTO ${place} FORMAT JSONEachRow`,
              Buffer.from(JSON.stringify({ writer, n })),
              { lane: 'ingest' },
            )
            acknowledged.push(`${writer}:${n}`)
          } catch (error) {
            assert.ok(error instanceof WarehouseUnavailable, String(error))
            await sleep(50)
          }
        }
      })
      await sleep(700)
      under.kill()
      await sleep(1500)
      writing = false
      await Promise.all(writers)
      const rows = await warehouse.rows<{ id: string; copies: string }>(
        `SELECT concat(writer, ':', n) AS id, count() AS copies FROM ${place} GROUP BY id`,
        { limits: { rows: 1_000_000 } },
      )
      const kept = new Set(rows.map((row) => row.id))
      assert.ok(acknowledged.length > 20, `only ${acknowledged.length} rows were acknowledged`)
      assert.deepEqual(
        acknowledged.filter((id) => !kept.has(id)),
        [],
      )
      assert.deepEqual(
        rows.filter((row) => row.copies !== '1' || !attempted.has(row.id)),
        [],
      )
    })

    test('ping answers while the engine lives', async () => {
      await warehouse.ping(5000)
    })

    registerOverrun(() => warehouse)
  })
}
