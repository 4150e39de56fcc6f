/** The part of the log suite about blocks that the engine reads itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlockRejected, type AppendedEvent, type Block, type Log, type SelectProgress } from '../log.ts'
import { block, rows, type LogTopics } from './log-topics.ts'

export interface SelectsPlace extends LogTopics {
  readonly log: () => Log
  readonly under: () => { readonly selects: boolean; readonly replaces: boolean }
  restart(): Promise<void>
}

export function registerSelects({ log, under, restart, opened, numbers }: SelectsPlace): void {
  test('the engine reads a block itself, between others, and a wrong count takes nothing', async (context) => {
    if (!under().selects) return context.skip('this log takes bytes only')
    const topic = await opened('selected')
    const select = 'SELECT number AS n, toString(number) AS text, NULL AS at FROM numbers({rows:UInt64})'
    const [, appended] = await Promise.all([
      log().append(topic, block('a', 1, 2)),
      log().append(topic, { id: 's', select, count: 70_000, parameters: { rows: 70_000 } }),
      log().append(topic, block('c', 3)),
    ])
    const { positions } = log()
    const end = await log().end(topic)
    assert.deepEqual([appended.rows, positions.rowsBetween(positions.start, end)], [70_000, 70_003])
    assert.deepEqual(await log().append(topic, { id: 's', select, count: 70_000, parameters: { rows: 70_000 } }), {
      ...appended,
      duplicate: true,
    })
    await assert.rejects(log().append(topic, { id: 'w', select, count: 5, parameters: { rows: 6 } }), BlockRejected)
    await assert.rejects(
      log().append(topic, { id: 'x', select: 'SELECT NULL AS n, NULL AS text, NULL AS at', count: 1 }),
      BlockRejected,
    )
    assert.equal(await log().end(topic), end)
    const after = positions.advance(positions.start, end, 70_000)
    const { count, last } = await log().read(topic, { after, limit: 10 })
    assert.deepEqual([count, last], [3, end])
  })

  test('a select that is not counted beforehand is counted by the log', async (context) => {
    if (!under().selects) return context.skip('this log takes bytes only')
    const topic = await opened('uncounted')
    const select = 'SELECT number AS n, NULL AS text, NULL AS at FROM numbers({rows:UInt64}) WHERE number % 3 = 0'
    const heard: SelectProgress[] = []
    const onProgress = (progress: SelectProgress): void => void heard.push(progress)
    const big: Block = { id: 's', select, parameters: { rows: 210_000 }, tag: 'big', onProgress }
    const small = Array.from({ length: 20 }, (_, i) => log().append(topic, block(`b${i}`, i)))
    const [appended, again] = await Promise.all([log().append(topic, big), log().append(topic, big), ...small])
    assert.deepEqual([appended.rows, again.rows], [70_000, 70_000])
    assert.deepEqual([appended.to === again.to, appended.duplicate !== again.duplicate], [true, true])
    assert.deepEqual([heard.at(-1)?.rowsWritten, Number(heard.at(-1)?.bytesWritten) > 0], [70_000, true])
    const none: Block = { id: 'none', select, parameters: { rows: 0 } }
    const end = await log().end(topic)
    const { rows: read, to } = await log().append(topic, none)
    assert.deepEqual([read, log().positions.covers(end, to)], [0, true])
    await restart()
    await log().open(topic)
    const later = await log().append(topic, { ...big, tag: 'other' })
    assert.deepEqual(later, { rows: 70_000, to: appended.to, duplicate: true, tag: 'big' })
    assert.equal(await log().end(topic), end)
    const places: string[] = []
    for (let after = log().positions.start; ;) {
      const slice = await log().read(topic, { after, limit: 30_000 })
      if (slice.count === 0) break
      places.push(...rows(slice.ndjson).map((row) => JSON.stringify(row._position)))
      after = slice.last
    }
    assert.deepEqual([places.length, new Set(places).size], [70_020, 70_020])
  })

  test('a select may replace all rows: positions continue, once per id, and a restart keeps them', async (context) => {
    if (!under().replaces) return context.skip('this log replaces no rows')
    const topic = await opened('replaced')
    const { positions } = log()
    const heard: AppendedEvent[] = []
    const listening = log().onAppended((event) => void (event.topic.name === 'replaced' && heard.push(event)))
    const select = 'SELECT number + 10 AS n, NULL AS text, NULL AS at FROM numbers({rows:UInt64})'
    const replacing = (id: string, rows: number): Block => ({ id, select, parameters: { rows }, replace: true })
    const before = await log().append(topic, block('a', 1, 2, 3))
    assert.equal(await log().replacedUpTo(topic), positions.start)
    const first = await log().append(topic, replacing('r', 2))
    assert.deepEqual([first.rows, positions.covers(before.to, first.to)], [2, false])
    assert.deepEqual(await numbers(topic), [10, 11])
    assert.deepEqual(await numbers(topic, before.to), [10, 11], 'whoever had read the rows of before reads the others')
    assert.deepEqual([await log().end(topic), await log().replacedUpTo(topic)], [first.to, before.to])
    await log().append(topic, block('b', 4))
    const end = await log().end(topic)
    assert.deepEqual(await log().append(topic, replacing('r', 2)), { ...first, duplicate: true })
    assert.deepEqual(await log().append(topic, block('a', 1, 2, 3)), { ...before, duplicate: true })
    assert.deepEqual(await numbers(topic), [4, 10, 11])
    const rejected: Block = { id: 'x', select: 'SELECT NULL AS n, NULL AS text, NULL AS at', replace: true }
    await assert.rejects(log().append(topic, rejected), BlockRejected)
    const none = await log().append(topic, replacing('none', 0))
    assert.equal(none.rows, 0)
    assert.deepEqual([await numbers(topic), await log().replacedUpTo(topic)], [[], end])
    const { count, last } = await log().read(topic, { after: positions.start, limit: 10 })
    assert.deepEqual([count, last], [0, end], 'reading continues behind the rows that are gone')
    listening.close()
    assert.deepEqual(
      heard.map(({ rows, replaced }) => [rows, replaced === true]),
      [
        [3, false],
        [2, true],
        [1, false],
        [0, true],
      ],
    )
    await restart()
    await log().open(topic)
    assert.deepEqual([await log().end(topic), await log().replacedUpTo(topic)], [end, end])
    assert.deepEqual(await log().append(topic, replacing('none', 0)), { ...none, duplicate: true })
    const later = await log().append(topic, block('c', 5))
    assert.ok(!positions.covers(end, later.to))
    assert.deepEqual(await numbers(topic), [5])
    await log().remove(topic)
    await log().open(topic)
    assert.deepEqual([await log().end(topic), await log().replacedUpTo(topic)], [positions.start, positions.start])
  })

  test('a select that is stopped takes nothing, and appending continues beside it', async (context) => {
    if (!under().selects) return context.skip('this log takes bytes only')
    const topic = await opened('stopped')
    const stop = new AbortController()
    const select =
      'SELECT number AS n, NULL AS text, NULL AS at FROM numbers(1000) WHERE sleepEachRow(0.03) = 0 SETTINGS max_block_size = 10'
    const slow = log().append(topic, { id: 'slow', select, signal: stop.signal })
    assert.equal((await log().append(topic, block('a', 1))).rows, 1)
    stop.abort(new Error('enough'))
    await assert.rejects(slow)
    assert.equal((await log().append(topic, block('slow', 2))).duplicate, false)
    assert.deepEqual(await numbers(topic), [1, 2])
  })

  test('a select that is read while its topic gets a column is taken with it', async (context) => {
    if (!under().selects) return context.skip('this log takes bytes only')
    const topic = await opened('widened')
    const select = 'SELECT number AS n, NULL AS text, NULL AS at FROM numbers(30) WHERE sleepEachRow(0.03) = 0'
    const slow = log().append(topic, { id: 'slow', select })
    await new Promise((resolve) => setTimeout(resolve, 200))
    const extra = { name: 'extra', type: 'Float64', required: false }
    await log().open({ ...topic, columns: [...topic.columns, extra] })
    assert.equal((await slow).rows, 30)
    const { positions } = log()
    const after = positions.advance(positions.start, await log().end(topic), 29)
    const { ndjson } = await log().read(topic, { after, limit: 10 })
    assert.deepEqual(
      rows(ndjson).map(({ n, extra }) => [n, extra]),
      [['29', null]],
    )
  })
}
