import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BadPosition, BlockRejected, type AppendedEvent, type Block, type Log, type Topic } from '../log.ts'
import { registerSelects } from './log-selects.ts'
import { block, logTopics, rows } from './log-topics.ts'

export interface LogUnderTest {
  readonly log: Log
  /** Ends the log as a crash would, and opens it again over the same data. */
  restart(): Promise<Log>
  /** Whether the engine reads rows itself (`select` blocks). */
  readonly selects: boolean
  /** Whether a select may replace all rows of a topic. */
  readonly replaces: boolean
  closed(): Promise<void>
}

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

    const topics = logTopics(() => log)
    const { topicOf, opened, numbers, merged } = topics

    test('the end of a topic is the merge of what was appended', async () => {
      const topic = await opened('ends')
      const { positions } = log
      assert.equal(await log.end(topic), positions.start)
      const first = await log.append(topic, block('a', 1, 2))
      assert.deepEqual(first, { rows: 2, to: first.to, duplicate: false })
      assert.ok(!positions.covers(positions.start, first.to) && positions.covers(first.to, positions.start))
      assert.equal(await log.end(topic), first.to)
      const second = await log.append(topic, block('b', 3))
      assert.ok(!positions.covers(first.to, second.to), 'no position covers rows that came later')
      assert.equal(await log.end(topic), merged([first.to, second.to]))
      assert.equal(positions.rowsBetween(positions.start, await log.end(topic)), 3)
      assert.equal(positions.rowsBetween(first.to, await log.end(topic)), 1)
      assert.deepEqual(await numbers(topic), [1, 2, 3])
    })

    test('the text of a position is the position, 0 is the start, and other texts are refused', async () => {
      const topic = await opened('texts')
      const { to } = await log.append(topic, block('a', 1, 2))
      for (const position of [log.positions.start, to, await log.end(topic)])
        assert.equal(log.positions.decode(position), position)
      assert.equal(log.positions.decode('0'), log.positions.start)
      for (const text of ['', 'x', '-1', '1.5', '1 ', '9'.repeat(40), '[1', 'null', '{"1":1}'])
        assert.throws(() => log.positions.decode(text), BadPosition, text)
    })

    test('a slice has at most so many rows, and slices one after the other hold every row once', async () => {
      const topic = await opened('slices')
      await Promise.all(Array.from({ length: 20 }, (_, i) => log.append(topic, block(`b${i}`, i * 2, i * 2 + 1))))
      const { positions } = log
      const end = await log.end(topic)
      let rowsOfSlices = 0
      let after = positions.start
      while (!positions.covers(after, end)) {
        const to = positions.advance(after, end, 7)
        const rowsOfSlice = positions.rowsBetween(after, to)
        assert.ok(rowsOfSlice > 0 && rowsOfSlice <= 7)
        assert.ok(positions.covers(to, after) && positions.covers(end, to))
        rowsOfSlices += rowsOfSlice
        after = to
      }
      assert.deepEqual([after, rowsOfSlices], [end, 40])
      assert.equal(positions.advance(end, end, 7), end)
      assert.equal(positions.rowsBetween(end, positions.start), 0)
    })

    test('many blocks at once all get their own positions, rows of a block stay in order', async () => {
      const topic = await opened('crowd')
      const appended = await Promise.all(
        Array.from({ length: 60 }, async (_, i) => ({
          i,
          ...(await log.append(topic, block(`b${i}`, i * 10, i * 10 + 1, i * 10 + 2))),
        })),
      )
      const { ndjson, count, last } = await log.read(topic, { after: log.positions.start, limit: 10_000 })
      const found = rows(ndjson).map(({ n }) => Number(n))
      assert.equal(count, 180)
      for (const { i } of appended)
        assert.deepEqual(
          found.filter((n) => Math.floor(n / 10) === i),
          [i * 10, i * 10 + 1, i * 10 + 2],
        )
      const end = merged(appended.map(({ to }) => to))
      assert.deepEqual([last, await log.end(topic)], [end, end])
      assert.equal(new Set(appended.map(({ to }) => to)).size, 60)
    })

    test('the same id again answers the first position, beside its first try and after a restart', async () => {
      const topic = await opened('again')
      const tries = await Promise.all(Array.from({ length: 10 }, () => log.append(topic, block('same', 1, 2))))
      assert.equal(tries.filter((appended) => !appended.duplicate).length, 1)
      assert.ok(tries.every(({ rows, to }) => rows === 2 && to === tries[0]?.to))
      await log.append(topic, block('other', 3))
      log = await under.restart()
      await log.open(topic)
      assert.deepEqual(await log.append(topic, block('same', 1, 2)), { rows: 2, to: tries[0]?.to, duplicate: true })
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
      const end = await log.end(topic)
      const first = await log.append(topic, empty)
      assert.deepEqual(first, { rows: 0, to: first.to, duplicate: false, tag: 'nothing' })
      assert.ok(log.positions.covers(end, first.to))
      assert.deepEqual(await log.append(topic, empty), { ...first, duplicate: true })
      assert.equal(await log.end(topic), end)
    })

    test('a block that does not fit is rejected whole, and its neighbours are appended', async () => {
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
      const { rows, duplicate } = await log.append(topic, { ...block('bad', 7) })
      assert.deepEqual([rows, duplicate], [1, false])
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
      assert.equal(await log.end(topic), log.positions.start)
    })

    test('a topic may be wide', async () => {
      const columns = Array.from({ length: 350 }, (_, i) => ({ name: `c${i}`, type: 'Decimal(20, 2)', required: true }))
      const topic = { ...topicOf('wide'), columns }
      await log.open(topic)
      const ndjson = Buffer.from(JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, '1.5']))))
      await log.append(topic, { id: 'wide', ndjson, count: 1 })
      assert.equal(log.positions.rowsBetween(log.positions.start, await log.end(topic)), 1)
    })

    test('rows come back as they went in', async () => {
      const topic = await opened('faithful')
      const text = 'ä "quoted" \\ \u0001 \u{1F600}\n\t'
      const ndjson = Buffer.from(
        `${JSON.stringify({ n: 1, text, at: '2026-03-29T02:30:00.123456+02:00' })}\n{"n":-9223372036854775808,"text":null}`,
      )
      await log.append(topic, { id: 'a', ndjson, count: 2 })
      const slice = await log.read(topic, { after: log.positions.start, limit: 10 })
      const [first, second] = rows(slice.ndjson)
      assert.deepEqual([first?.n, first?.text, first?.at], ['1', text, '2026-03-29T00:30:00.123456Z'])
      assert.deepEqual([second?.n, second?.text], ['-9223372036854775808', null])
      assert.notDeepEqual(first?._position, second?._position)
      assert.ok(first?._ingested_at.endsWith('Z'))
      assert.deepEqual([slice.count, slice.last], [2, await log.end(topic)])
    })

    test('reading continues after a position, up to a limit', async () => {
      const topic = await opened('pages')
      await log.append(topic, block('a', 1, 2, 3, 4, 5))
      const first = await log.read(topic, { after: log.positions.start, limit: 2 })
      assert.equal(first.count, 2)
      assert.equal(log.positions.rowsBetween(log.positions.start, first.last), 2)
      assert.deepEqual(await numbers(topic, first.last), [3, 4, 5])
      const end = await log.end(topic)
      const none = await log.read(topic, { after: end, limit: 2 })
      assert.deepEqual([none.count, none.last, none.ndjson.byteLength], [0, end, 0])
    })

    test('listeners hear of every block once, and of none before one that its position covers', async () => {
      const topic = await opened('heard')
      const heard: AppendedEvent[] = []
      const listening = log.onAppended((event) => void (event.topic.name === 'heard' && heard.push(event)))
      await Promise.all(Array.from({ length: 30 }, (_, i) => log.append(topic, block(`b${i % 20}`, i))))
      listening.close()
      await log.append(topic, block('unheard', 1))
      assert.equal(heard.length, 20)
      for (const [index, { to }] of heard.entries())
        assert.ok(!heard.slice(0, index).some((earlier) => log.positions.covers(earlier.to, to)))
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
      const { ndjson } = await log.read(wider, { after: log.positions.start, limit: 10 })
      assert.deepEqual(
        rows(ndjson)
          .toSorted((one, other) => Number(one.n) - Number(other.n))
          .map((row) => row['extra']),
        [null, 0.5],
      )
    })

    test('groups remember their position, refuse to go back, and can seek', async () => {
      const topic = await opened('grouped')
      const first = (await log.append(topic, block('a', 1, 2))).to
      const end = log.positions.merge(first, (await log.append(topic, block('b', 3))).to)
      const group = log.group(topic, 'readers')
      assert.equal(await group.position(), log.positions.start)
      await group.commit(end)
      await group.commit(end)
      await assert.rejects(group.commit(first), /readers/)
      assert.equal(await group.position(), end)
      assert.equal(await log.group(topic, 'others').position(), log.positions.start)
      await group.seek(first)
      log = await under.restart()
      await log.open(topic)
      assert.equal(await log.group(topic, 'readers').position(), first)
    })

    test('a removed topic is gone, and a new one of its name begins at the start', async () => {
      const topic = await opened('removed')
      const first = await log.append(topic, block('a', 1))
      await log.group(topic, 'g').commit(first.to)
      await log.remove(topic)
      await assert.rejects(log.append(topic, block('b', 2)))
      await log.open(topic)
      assert.equal(await log.group(topic, 'g').position(), log.positions.start)
      assert.deepEqual(await log.append(topic, block('a', 1)), first)
    })

    test('topics of one name in two workspaces are two', async () => {
      const [one, two] = [await opened('shared', 'one'), await opened('shared', 'two')]
      await log.append(one, block('a', 1))
      assert.equal((await log.append(two, block('a', 2))).duplicate, false)
      assert.deepEqual(await numbers(two), [2])
    })

    registerSelects({
      ...topics,
      log: () => log,
      under: () => under,
      restart: async () => {
        log = await under.restart()
      },
    })
  })
}
