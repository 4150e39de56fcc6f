/** The part of the warehouse suite about inserting. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WarehouseError, type Warehouse } from '../warehouse.ts'

export interface InsertPlace {
  readonly warehouse: () => Warehouse
  /** Makes a table with these columns and answers its name. */
  table(columns: string): Promise<string>
  count(from: string): Promise<number>
}

export function registerInserts({ warehouse, table, count }: InsertPlace): void {
  test('insert takes bytes and streams in text and binary formats', async () => {
    const place = await table('a Int64, s String')
    const summary = await warehouse().insert(
      `INSERT INTO ${place} FORMAT JSONEachRow`,
      Buffer.from('{"a":1,"s":"one;\\n"}\n{"a":"2","s":"two"}\n'),
    )
    assert.equal(summary.rowsWritten, 2)
    await warehouse().insert(`INSERT INTO ${place} (s, a) FORMAT CSV`, Readable.from(['"three",3\n', '"four",', '4\n']))
    for (const format of ['Native', 'Parquet', 'ArrowStream', 'RowBinary']) {
      const bytes = Buffer.concat(
        await (
          await warehouse().stream('SELECT toInt64(number + 10) AS a, toString(number) AS s FROM numbers(1000)', format)
        ).toArray(),
      )
      assert.equal((await warehouse().insert(`INSERT INTO ${place} FORMAT ${format}`, bytes)).rowsWritten, 1000)
    }
    assert.equal(await count(place), 4004)
    assert.deepEqual(await warehouse().rows(`SELECT a, s FROM ${place} WHERE a < 5 ORDER BY a LIMIT 2`), [
      { a: '1', s: 'one;\n' },
      { a: '2', s: 'two' },
    ])
  })

  test('an insert may reshape its data with input()', async () => {
    const place = await table('a Int64, s String')
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      JSON.stringify({ n: String(index), name: `it's "${index}"\n;` }),
    ).join('\n')
    const summary = await warehouse().insert(
      `INSERT INTO ${place} (a, s) SELECT n + {offset:Int64}, upper(name) FROM input('n Int64, name String') WHERE n % 2 = 0 FORMAT JSONEachRow`,
      Buffer.from(lines),
      { parameters: { offset: 5 }, lane: 'ingest' },
    )
    assert.equal(summary.rowsWritten, 10_000)
    assert.deepEqual(
      await warehouse().rows(`SELECT count() AS n, min(a) AS low, any(s LIKE 'IT''S%') AS up FROM ${place}`),
      [{ n: '10000', low: '5', up: 1 }],
    )
  })

  test('rows keep the order in which they are read, from several parts and through a filter', async () => {
    const [parts, kept] = [await table('n UInt64'), await table('n UInt64')]
    const ordered = { settings: { order: 'kept', insert: 'synchronous' } } as const
    const moved = async (from: string) => {
      const places = `SELECT n, rowNumberInAllBlocks() AS place FROM (SELECT n FROM ${from})`
      const [row] = await warehouse().rows<{ moved: string }>(
        `SELECT countIf(n != 3 * place) AS moved FROM (${places})`,
        { settings: { order: 'kept' } },
      )
      return Number(row?.moved)
    }
    await warehouse().command(`INSERT INTO ${parts} SELECT number FROM numbers_mt(3000000)`, ordered)
    await warehouse().command(`INSERT INTO ${kept} SELECT n FROM ${parts} WHERE n % 3 = 0`, ordered)
    assert.equal(await count(kept), 1_000_000)
    assert.equal(await moved(kept), 0)
  })

  test('a broken line leaves nothing of its insert', async () => {
    const place = await table('a Int64')
    const good = Array.from({ length: 300_000 }, (_, index) => `{"a":${index}}`).join('\n')
    for (const sql of [
      `INSERT INTO ${place} FORMAT JSONEachRow`,
      `INSERT INTO ${place} SELECT a FROM input('a Int64') FORMAT JSONEachRow`,
    ]) {
      await assert.rejects(
        warehouse().insert(sql, Buffer.from(`${good}\n{"a":"no number"}\n`)),
        (error) => error instanceof WarehouseError && error.kind === 'data',
      )
    }
    assert.equal(await count(place), 0)
  })

  test('a line that is broken early in a long body is reported as such', async () => {
    const place = await table('a Int64')
    const body = Buffer.concat([Buffer.from('{"a":"no number"}\n'), Buffer.from('{"a":1}\n'.repeat(4_000_000))])
    for (const given of [body, Readable.from([body], { objectMode: false })]) {
      await assert.rejects(
        warehouse().insert(`INSERT INTO ${place} FORMAT JSONEachRow`, given),
        (error) => error instanceof WarehouseError && /no number|number/.test(error.message),
      )
    }
    assert.equal(await count(place), 0)
  })

  test('an insert into an unknown table says so, and takes no harm from its body', async () => {
    await assert.rejects(
      warehouse().insert('INSERT INTO nosuch FORMAT JSONEachRow', Buffer.alloc(5_000_000, 'x')),
      (error) => error instanceof WarehouseError && error.kind === 'unknown_table',
    )
  })

  test('a body that breaks off leaves nothing of its insert', async () => {
    const place = await table('a Int64')
    const body = Readable.from(
      (async function* () {
        for (let index = 0; index < 100; index += 1) {
          yield `${Array.from({ length: 1000 }, (_, n) => `{"a":${index * 1000 + n}}`).join('\n')}\n`
          await sleep(2)
        }
        throw new Error('the source broke')
      })(),
    )
    await assert.rejects(warehouse().insert(`INSERT INTO ${place} FORMAT JSONEachRow`, body))
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 200)
    const endless = Readable.from(
      (async function* () {
        for (;;) {
          yield '{"a":1}\n'
          await sleep(5)
        }
      })(),
    )
    await assert.rejects(
      warehouse().insert(`INSERT INTO ${place} FORMAT JSONEachRow`, endless, { signal: abort.signal }),
    )
    await sleep(500)
    assert.equal(await count(place), 0)
  })
}
