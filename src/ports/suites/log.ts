import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BlockRejected, type AppendedEvent, type Block, type Log, type SelectProgress, type Topic } from '../log.ts'

export interface LogUnderTest {
  readonly log: Log
  /** Ends the log as a crash would, and opens it again over the same data. */
  restart(): Promise<Log>
  /** Whether the engine reads rows itself (`select` blocks). */
  readonly selects: boolean
  closed(): Promise<void>
}

const day = 86_400_000

/** Each test has a topic of its own. */
export function registerLogSuite(name: string, open: () => Promise<LogUnderTest>): void {
  describe(`log: ${name}`, () => {
    let under: LogUnderTest
    let log: Log
    before(async () => {
      under = await open()
      log = under.log
    })
    after(async () => {
      await log.close()
      await under.closed()
    })

    const topicOf = (topicName: string, workspace = 'suite'): Topic => ({
      workspace,
      name: topicName,
      database: `ws_${workspace}`,
      table: topicName,
      rememberIdsMs: day,
      columns: [
        { name: 'n', type: 'Int64', required: true },
        { name: 'text', type: 'String', required: false },
        { name: 'at', type: "DateTime64(6, 'UTC')", required: false },
      ],
    })
    const opened = async (topicName: string, workspace?: string): Promise<Topic> => {
      const topic = topicOf(topicName, workspace)
      await log.open(topic)
      return topic
    }
    const block = (id: string, ...numbers: readonly number[]): Block => ({
      id,
      ndjson: Buffer.from(numbers.map((n) => `{"n":${n}}\n`).join('')),
      count: numbers.length,
    })
    const numbers = async (topic: Topic, from = 0n): Promise<number[]> => {
      const { ndjson } = await log.read(topic, { after: from, limit: 10_000 })
      return rows(ndjson).map((row) => Number(row.n))
    }

    test('positions are dense and in the order of acknowledgement', async () => {
      const topic = await opened('dense')
      assert.equal(await log.end(topic), 0n)
      assert.deepEqual(await log.append(topic, block('a', 1, 2)), { from: 1n, to: 2n, duplicate: false })
      assert.deepEqual(await log.append(topic, block('b', 3)), { from: 3n, to: 3n, duplicate: false })
      assert.equal(await log.end(topic), 3n)
      assert.deepEqual(await numbers(topic), [1, 2, 3])
    })

    test('many blocks at once all get their own positions, rows of a block stay together and in order', async () => {
      const topic = await opened('crowd')
      const taken = await Promise.all(
        Array.from({ length: 60 }, async (_, i) => ({
          i,
          ...(await log.append(topic, block(`b${i}`, i * 10, i * 10 + 1, i * 10 + 2))),
        })),
      )
      const found = await numbers(topic)
      assert.equal(found.length, 180)
      for (const { i, from } of taken)
        assert.deepEqual(found.slice(Number(from) - 1, Number(from) + 2), [i * 10, i * 10 + 1, i * 10 + 2])
    })

    test('the same id again answers the first positions, beside its first try and after a restart', async () => {
      const topic = await opened('again')
      const tries = await Promise.all(Array.from({ length: 10 }, () => log.append(topic, block('same', 1, 2))))
      assert.equal(tries.filter((taken) => !taken.duplicate).length, 1)
      assert.ok(tries.every(({ from, to }) => from === 1n && to === 2n))
      await log.append(topic, block('other', 3))
      log = await under.restart()
      await log.open(topic)
      assert.deepEqual(await log.append(topic, block('same', 1, 2)), { from: 1n, to: 2n, duplicate: true })
      assert.deepEqual(await numbers(topic), [1, 2, 3])
    })

    test('the tag of the first try comes back with a retry', async () => {
      const topic = await opened('tagged')
      await log.append(topic, { ...block('t', 1), tag: 'first' })
      assert.equal((await log.append(topic, { ...block('t', 1), tag: 'second' })).tag, 'first')
    })

    test('an empty block only records its id', async () => {
      const topic = await opened('empty')
      await log.append(topic, block('a', 1))
      const empty: Block = { id: 'e', ndjson: new Uint8Array(), count: 0, tag: 'nothing' }
      assert.deepEqual(await log.append(topic, empty), { from: 2n, to: 1n, duplicate: false, tag: 'nothing' })
      assert.deepEqual(await log.append(topic, empty), { from: 2n, to: 1n, duplicate: true, tag: 'nothing' })
      assert.equal(await log.end(topic), 1n)
    })

    test('a block that does not fit is rejected whole, and its neighbours are taken', async () => {
      const topic = await opened('broken')
      const broken: Block = { id: 'bad', ndjson: Buffer.from('{"n":7}\n{"n":"seven"}\n'), count: 2 }
      const [first, second, third] = await Promise.allSettled([
        log.append(topic, block('a', 1)),
        log.append(topic, broken),
        log.append(topic, block('c', 3)),
      ])
      assert.equal(first.status, 'fulfilled')
      assert.equal(third.status, 'fulfilled')
      assert.ok(second.status === 'rejected' && second.reason instanceof BlockRejected)
      assert.deepEqual(await numbers(topic), [1, 3])
      assert.deepEqual(await log.append(topic, { ...block('bad', 7) }), { from: 3n, to: 3n, duplicate: false })
    })

    test('what breaks a block', async () => {
      const topic = await opened('strict')
      const bodies = [
        '{"n":1.5}',
        '{"n":9223372036854775808}',
        '{"n":""}',
        '{"n":true}',
        '{"n":null}',
        '{}',
        '{"n":1,"more":1}',
        '{"n":1,"text":5}',
        '{"n":1,"text":{}}',
        '{"n":1,"at":"yesterday"}',
        '{"n":1,"at":1700000000}',
        '{"n":1,"at":"2026-02-30T00:00:00Z"}',
        '{"N":1}',
        '{"n":1}{"n":2}',
        '{"n":1',
        'null',
        '[{"n":1}]x',
      ]
      for (const body of bodies) {
        await assert.rejects(log.append(topic, { id: body, ndjson: Buffer.from(body), count: 1 }), BlockRejected, body)
      }
      assert.equal(await log.end(topic), 0n)
    })

    test('a topic may be wide', async () => {
      const columns = Array.from({ length: 350 }, (_, i) => ({ name: `c${i}`, type: 'Decimal(20, 2)', required: true }))
      const topic = { ...topicOf('wide'), columns }
      await log.open(topic)
      const ndjson = Buffer.from(JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, '1.5']))))
      await log.append(topic, { id: 'wide', ndjson, count: 1 })
      assert.equal(await log.end(topic), 1n)
    })

    test('rows come back as they went in', async () => {
      const topic = await opened('faithful')
      const text = 'ä "quoted" \\ \u0001 \u{1F600}\n\t'
      const ndjson = Buffer.from(
        `${JSON.stringify({ n: 1, text, at: '2026-03-29T02:30:00.123456+02:00' })}\n{"n":-9223372036854775808,"text":null}`,
      )
      await log.append(topic, { id: 'a', ndjson, count: 2 })
      const slice = await log.read(topic, { after: 0n, limit: 10 })
      const [first, second] = rows(slice.ndjson)
      assert.deepEqual(
        [first?.n, first?.text, first?.at, first?._position],
        ['1', text, '2026-03-29T00:30:00.123456Z', '1'],
      )
      assert.deepEqual([second?.n, second?.text, second?._position], ['-9223372036854775808', null, '2'])
      assert.ok(first?._ingested_at.endsWith('Z'))
      assert.deepEqual([slice.count, slice.last], [2, 2n])
    })

    test('reading goes on after a position, up to a limit', async () => {
      const topic = await opened('pages')
      await log.append(topic, block('a', 1, 2, 3, 4, 5))
      const first = await log.read(topic, { after: 0n, limit: 2 })
      assert.deepEqual([first.count, first.last], [2, 2n])
      assert.deepEqual(await numbers(topic, first.last), [3, 4, 5])
      const none = await log.read(topic, { after: 5n, limit: 2 })
      assert.deepEqual([none.count, none.last, none.ndjson.byteLength], [0, 5n, 0])
    })

    test('listeners hear of every block once, in order', async () => {
      const topic = await opened('heard')
      const heard: AppendedEvent[] = []
      const listening = log.onAppended((event) => void (event.topic.name === 'heard' && heard.push(event)))
      await Promise.all(Array.from({ length: 30 }, (_, i) => log.append(topic, block(`b${i % 20}`, i))))
      listening.close()
      await log.append(topic, block('unheard', 1))
      assert.equal(heard.length, 20)
      heard.forEach((event, index) => assert.equal(event.from, index === 0 ? 1n : (heard[index - 1]?.to ?? 0n) + 1n))
    })

    test('a topic takes up added columns', async () => {
      const topic = await opened('grown')
      await log.append(topic, block('a', 1))
      const wider: Topic = {
        ...topic,
        columns: [...topic.columns, { name: 'extra', type: 'Float64', required: false }],
      }
      await log.open(wider)
      await log.append(wider, { id: 'b', ndjson: Buffer.from('{"n":2,"extra":0.5}'), count: 1 })
      const { ndjson } = await log.read(wider, { after: 0n, limit: 10 })
      assert.deepEqual(
        rows(ndjson).map((row) => row['extra']),
        [null, 0.5],
      )
    })

    test('groups remember their position, refuse to go back, and can seek', async () => {
      const topic = await opened('grouped')
      const group = log.group(topic, 'readers')
      assert.equal(await group.position(), 0n)
      await group.commit(5n)
      await group.commit(5n)
      await assert.rejects(group.commit(4n), /readers/)
      assert.equal(await log.group(topic, 'others').position(), 0n)
      await group.seek(2n)
      log = await under.restart()
      await log.open(topic)
      assert.equal(await log.group(topic, 'readers').position(), 2n)
    })

    test('a removed topic is gone, and a new one of its name begins at one', async () => {
      const topic = await opened('removed')
      await log.append(topic, block('a', 1))
      await log.group(topic, 'g').commit(1n)
      await log.remove(topic)
      await assert.rejects(log.append(topic, block('b', 2)))
      await log.open(topic)
      assert.equal(await log.group(topic, 'g').position(), 0n)
      assert.deepEqual(await log.append(topic, block('a', 1)), { from: 1n, to: 1n, duplicate: false })
    })

    test('topics of one name in two workspaces are two', async () => {
      const [one, two] = [await opened('shared', 'one'), await opened('shared', 'two')]
      await log.append(one, block('a', 1))
      assert.deepEqual(await log.append(two, block('a', 2)), { from: 1n, to: 1n, duplicate: false })
      assert.deepEqual(await numbers(two), [2])
    })

    test('the engine reads a block itself, between others, and a wrong count takes nothing', async (context) => {
      if (!under.selects) return context.skip('this log takes bytes only')
      const topic = await opened('selected')
      const select = 'SELECT number AS n, toString(number) AS text, NULL AS at FROM numbers({rows:UInt64})'
      const [, taken] = await Promise.all([
        log.append(topic, block('a', 1, 2)),
        log.append(topic, { id: 's', select, count: 70_000, parameters: { rows: 70_000 } }),
        log.append(topic, block('c', 3)),
      ])
      assert.equal(taken.to - taken.from, 69_999n)
      assert.equal(await log.end(topic), 70_003n)
      assert.deepEqual(await log.append(topic, { id: 's', select, count: 70_000, parameters: { rows: 70_000 } }), {
        ...taken,
        duplicate: true,
      })
      await assert.rejects(log.append(topic, { id: 'w', select, count: 5, parameters: { rows: 6 } }), BlockRejected)
      await assert.rejects(
        log.append(topic, { id: 'x', select: 'SELECT NULL AS n, NULL AS text, NULL AS at', count: 1 }),
        BlockRejected,
      )
      assert.equal(await log.end(topic), 70_003n)
      const { count, last } = await log.read(topic, { after: 70_000n, limit: 10 })
      assert.deepEqual([count, last], [3, 70_003n])
    })

    test('a select that is not counted beforehand is counted by the log', async (context) => {
      if (!under.selects) return context.skip('this log takes bytes only')
      const topic = await opened('uncounted')
      const select = 'SELECT number AS n, NULL AS text, NULL AS at FROM numbers({rows:UInt64}) WHERE number % 3 = 0'
      const heard: SelectProgress[] = []
      const onProgress = (progress: SelectProgress): void => void heard.push(progress)
      const big: Block = { id: 's', select, parameters: { rows: 210_000 }, tag: 'big', onProgress }
      const small = Array.from({ length: 20 }, (_, i) => log.append(topic, block(`b${i}`, i)))
      const [taken, again] = await Promise.all([log.append(topic, big), log.append(topic, big), ...small])
      assert.deepEqual([taken.to - taken.from, again.to - again.from], [69_999n, 69_999n])
      assert.deepEqual([taken.from === again.from, taken.duplicate !== again.duplicate], [true, true])
      assert.deepEqual([heard.at(-1)?.rowsWritten, Number(heard.at(-1)?.bytesWritten) > 0], [70_000, true])
      const none: Block = { id: 'none', select, parameters: { rows: 0 } }
      assert.deepEqual(await log.append(topic, none), { from: 70_021n, to: 70_020n, duplicate: false })
      log = await under.restart()
      await log.open(topic)
      const later = await log.append(topic, { ...big, tag: 'other' })
      assert.deepEqual(later, { from: taken.from, to: taken.to, duplicate: true, tag: 'big' })
      assert.equal(await log.end(topic), 70_020n)
      const positions: number[] = []
      for (let after = 0n; ;) {
        const slice = await log.read(topic, { after, limit: 30_000 })
        if (slice.count === 0) break
        positions.push(...rows(slice.ndjson).map((row) => Number(row._position)))
        after = slice.last
      }
      assert.ok(positions.length === 70_020 && positions.every((position, index) => position === index + 1))
    })

    test('a select may replace all rows: positions go on, once per id, and a restart keeps them', async (context) => {
      if (!under.selects) return context.skip('this log takes bytes only')
      const topic = await opened('replaced')
      const heard: AppendedEvent[] = []
      const listening = log.onAppended((event) => void (event.topic.name === 'replaced' && heard.push(event)))
      const select = 'SELECT number + 10 AS n, NULL AS text, NULL AS at FROM numbers({rows:UInt64})'
      const replacing = (id: string, rows: number): Block => ({ id, select, parameters: { rows }, replace: true })
      await log.append(topic, block('a', 1, 2, 3))
      assert.equal(await log.replacedUpTo(topic), 0n)
      assert.deepEqual(await log.append(topic, replacing('r', 2)), { from: 4n, to: 5n, duplicate: false })
      assert.deepEqual(await numbers(topic), [10, 11])
      assert.deepEqual([await log.end(topic), await log.replacedUpTo(topic)], [5n, 3n])
      await log.append(topic, block('b', 4))
      assert.deepEqual(await log.append(topic, replacing('r', 2)), { from: 4n, to: 5n, duplicate: true })
      assert.deepEqual(await log.append(topic, block('a', 1, 2, 3)), { from: 1n, to: 3n, duplicate: true })
      assert.deepEqual(await numbers(topic), [10, 11, 4])
      const rejected: Block = { id: 'x', select: 'SELECT NULL AS n, NULL AS text, NULL AS at', replace: true }
      await assert.rejects(log.append(topic, rejected), BlockRejected)
      assert.deepEqual(await log.append(topic, replacing('none', 0)), { from: 7n, to: 6n, duplicate: false })
      assert.deepEqual([await numbers(topic), await log.replacedUpTo(topic)], [[], 6n])
      listening.close()
      assert.deepEqual(
        heard.map(({ from, to, replaced }) => [from, to, replaced === true]),
        [
          [1n, 3n, false],
          [4n, 5n, true],
          [6n, 6n, false],
          [7n, 6n, true],
        ],
      )
      log = await under.restart()
      await log.open(topic)
      assert.deepEqual([await log.end(topic), await log.replacedUpTo(topic)], [6n, 6n])
      assert.deepEqual(await log.append(topic, replacing('none', 0)), { from: 7n, to: 6n, duplicate: true })
      assert.deepEqual(await log.append(topic, block('c', 5)), { from: 7n, to: 7n, duplicate: false })
      assert.deepEqual(await numbers(topic), [5])
      await log.remove(topic)
      await log.open(topic)
      assert.deepEqual([await log.end(topic), await log.replacedUpTo(topic)], [0n, 0n])
    })

    test('a select that is stopped takes nothing, and appending goes on beside it', async (context) => {
      if (!under.selects) return context.skip('this log takes bytes only')
      const topic = await opened('stopped')
      const stop = new AbortController()
      const select = 'SELECT number AS n, NULL AS text, NULL AS at FROM numbers(1000) WHERE sleepEachRow(0.03) = 0'
      const settings = { max_block_size: 10, function_sleep_max_microseconds_per_block: 60_000_000 }
      const slow = log.append(topic, { id: 'slow', select, settings, signal: stop.signal })
      assert.deepEqual(await log.append(topic, block('a', 1)), { from: 1n, to: 1n, duplicate: false })
      stop.abort(new Error('enough'))
      await assert.rejects(slow)
      assert.deepEqual(await log.append(topic, block('slow', 2)), { from: 2n, to: 2n, duplicate: false })
      assert.deepEqual(await numbers(topic), [1, 2])
    })

    test('a select that is read while its topic gets a column is taken with it', async (context) => {
      if (!under.selects) return context.skip('this log takes bytes only')
      const topic = await opened('widened')
      const select = 'SELECT number AS n, NULL AS text, NULL AS at FROM numbers(30) WHERE sleepEachRow(0.03) = 0'
      const slow = log.append(topic, { id: 'slow', select })
      await new Promise((resolve) => setTimeout(resolve, 200))
      const extra = { name: 'extra', type: 'Float64', required: false }
      await log.open({ ...topic, columns: [...topic.columns, extra] })
      assert.deepEqual(await slow, { from: 1n, to: 30n, duplicate: false })
      const { ndjson } = await log.read(topic, { after: 29n, limit: 10 })
      assert.deepEqual(
        rows(ndjson).map(({ n, extra }) => [n, extra]),
        [['29', null]],
      )
    })
  })
}

interface Row {
  readonly [column: string]: unknown
  readonly n: string
  readonly text: string | null
  readonly at: string | null
  readonly _position: string
  readonly _ingested_at: string
}

function rows(ndjson: Uint8Array): Row[] {
  return Buffer.from(ndjson)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
}
