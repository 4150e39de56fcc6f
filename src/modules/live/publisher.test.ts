import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { manualClock } from '#adapters/clock-manual'
import { fakeClient, fakeMetric } from './publisher-fixture.ts'
import type { FakeClient } from './publisher-fixture.ts'
import { minRestMs } from './asking.ts'
import { publisher } from './publisher.ts'
import { plainQuestion } from './named-streams.ts'

const minute = 60_000
const start = Date.UTC(2026, 10, 21, 10, 0, 5)
const thisMinute = Math.floor(start / minute) * minute

function setup(lateness = '0s') {
  const clock = manualClock(start)
  const metric = fakeMetric(clock, 'M', lateness)
  const live = publisher({ source: metric.source, question: plainQuestion('w', 'M', 'minute'), clock })
  const join = (client: FakeClient): FakeClient => {
    live.attach(client, client.place)
    return client
  }
  return { clock, metric, live, join }
}

test('nothing is asked before somebody watches, nor after the last has left', async () => {
  const { clock, metric, live, join } = setup()
  live.wake(metric.add(thisMinute))
  await clock.advance(5000)
  assert.equal(metric.asked.length, 0)
  const client = join(fakeClient())
  await clock.advance(10)
  assert.deepEqual(
    client.frames.map(({ type }) => type),
    ['snapshot'],
  )
  assert.equal(metric.watchers, 1, 'its rows are folded soon')
  live.detach(client)
  assert.equal(metric.watchers, 0, 'and seldom again')
  const asked = metric.asked.length
  live.wake(metric.add(thisMinute))
  await clock.advance(5000)
  assert.equal(metric.asked.length, asked)
})

test('many changes become at most four frames a second, with only what changed', async () => {
  const { clock, metric, live, join } = setup()
  live.wake(metric.add(thisMinute - 30 * minute))
  const client = join(fakeClient())
  await clock.advance(300)
  for (let n = 0; n < 100; n += 1) {
    live.wake(metric.add(thisMinute))
    await clock.advance(20)
  }
  await clock.advance(1500)
  const updates = client.frames.filter(({ type }) => type === 'update')
  assert.ok(updates.length >= 6 && updates.length <= 9, `${updates.length} updates in two seconds`)
  for (const { points } of updates) assert.equal(points.length, 1)
  assert.equal(client.points.get(thisMinute)?.value, 100)
})

test('all who watch share one question and one encoded frame', async () => {
  const { clock, metric, live, join } = setup()
  const clients = Array.from({ length: 50 }, () => join(fakeClient()))
  await clock.advance(300)
  live.wake(metric.add(thisMinute))
  await clock.advance(300)
  assert.ok(metric.asked.length <= 3, `${metric.asked.length} questions`)
  for (const client of clients) assert.equal(client.points.get(thisMinute)?.value, 1)
})

test('a period that ends is shown as provisional, then as final, without any new row', async () => {
  const { clock, metric, live, join } = setup('30s')
  live.wake(metric.add(thisMinute))
  const client = join(fakeClient())
  await clock.advance(100)
  assert.equal(client.points.get(thisMinute)?.state, 'open')
  await clock.advance(56_000)
  assert.equal(client.points.get(thisMinute)?.state, 'provisional')
  await clock.advance(31_000)
  assert.equal(client.points.get(thisMinute)?.state, 'final')
  const { length } = metric.asked
  await clock.advance(10 * minute)
  assert.equal(metric.asked.length, length)
})

test('a late row is found within a second or so, wherever it fell', async () => {
  const { clock, metric, live, join } = setup()
  const client = join(fakeClient())
  await clock.advance(300)
  for (const ago of [3, 45, 600]) {
    live.wake(metric.add(thisMinute - ago * minute))
    await clock.advance(1600)
    assert.equal(client.points.get(thisMinute - ago * minute)?.value, 1, `${ago} minutes ago`)
  }
})

test('a row dated ahead is not shown before its period begins, and then is, without another row', async () => {
  const { clock, metric, live, join } = setup()
  metric.add(thisMinute + 2 * minute)
  const client = join(fakeClient())
  await clock.advance(300)
  assert.equal(client.points.size, 0)
  live.wake(metric.add(thisMinute))
  live.wake(metric.add(thisMinute + 400 * 24 * 60 * minute))
  live.wake(metric.add(thisMinute + 3 * minute))
  await clock.advance(2000)
  assert.deepEqual([...client.points.keys()], [thisMinute])
  await clock.advance(minute)
  assert.deepEqual([...client.points.keys()], [thisMinute])
  await clock.advance(minute)
  assert.deepEqual(client.points.get(thisMinute + 2 * minute), { value: 1, state: 'open' })
  await clock.advance(minute)
  assert.deepEqual(
    [...client.points.keys()],
    [0, 2, 3].map((after) => thisMinute + after * minute),
  )
})

test('a client that does not read has one frame waiting at most, and the newest numbers when it reads again', async () => {
  const { clock, metric, live, join } = setup()
  const slow = join(fakeClient())
  const quick = join(fakeClient())
  await clock.advance(300)
  slow.reading = false
  for (let n = 0; n < 40; n += 1) {
    live.wake(metric.add(thisMinute - (n % 2) * minute))
    await clock.advance(minRestMs)
    live.sweep()
  }
  assert.ok(slow.maxWaiting <= 2, `${slow.maxWaiting} frames waited`)
  slow.read()
  slow.reading = true
  live.drained(slow)
  assert.deepEqual(slow.points, quick.points)
  assert.deepEqual(slow.place, quick.place)
})

test('a client that does not read for long is let go', async () => {
  const { clock, metric, live, join } = setup()
  const slow = join(fakeClient())
  await clock.advance(300)
  slow.reading = false
  for (let n = 0; n < 200; n += 1) {
    live.wake(metric.add(thisMinute))
    await clock.advance(minRestMs)
    live.sweep()
  }
  assert.equal(slow.ended, 'cut')
  assert.equal(live.outlets(), 0)
})

test('a question that fails is asked again, and the watchers hear of it once', async () => {
  const { clock, metric, live, join } = setup()
  const client = join(fakeClient())
  await clock.advance(300)
  metric.broken = new Error('engine away')
  live.wake(metric.add(thisMinute))
  await clock.advance(3000)
  metric.broken = undefined
  await clock.advance(20_000)
  assert.deepEqual(
    client.frames.map(({ type }) => type),
    ['snapshot', 'error', 'update'],
  )
  assert.equal(client.points.get(thisMinute)?.value, 1)
})

test('another definition means another epoch and a whole snapshot; a deleted metric ends it', async () => {
  const { clock, metric, live, join } = setup()
  live.wake(metric.add(thisMinute))
  const client = join(fakeClient())
  await clock.advance(300)
  const before = client.place?.epoch
  live.wake({ workspace: 'w', code: 'M', change: 'reloaded' })
  await clock.advance(300)
  assert.equal(client.frames.at(-1)?.type, 'snapshot')
  assert.notEqual(client.place?.epoch, before)
  metric.gone = true
  live.wake({ workspace: 'w', code: 'M', change: 'reloaded' })
  await clock.advance(300)
  assert.deepEqual(
    [client.frames.at(-1)?.code, client.ended, live.outlets()],
    ['metrics.unknown', 'metrics.unknown', 0],
  )
})

test('a stream that was started serves again at once when its metric comes back', async () => {
  const { clock, metric, live, join } = setup()
  live.hold(true)
  await clock.advance(300)
  metric.gone = true
  live.wake({ workspace: 'w', code: 'M', change: 'reloaded' })
  await clock.advance(minute)
  metric.gone = false
  live.wake({ workspace: 'w', code: 'M', change: 'reloaded' })
  await clock.advance(2 * minRestMs)
  assert.deepEqual(
    join(fakeClient()).frames.map(({ type }) => type),
    ['snapshot'],
  )
})

test('who joins while nothing can be answered gets an answer soon after it can', async () => {
  const { clock, metric, live, join } = setup()
  live.hold(true)
  metric.broken = new Error('engine away')
  live.wake({ workspace: 'w', code: 'M', change: 'reloaded' })
  await clock.advance(minute)
  metric.broken = undefined
  const client = join(fakeClient())
  await clock.advance(2 * minRestMs)
  assert.deepEqual(
    client.frames.map(({ type }) => type),
    ['snapshot'],
  )
})

type Step =
  | { do: 'add'; ago: number }
  | { do: 'wait'; ms: number }
  | { do: 'read' | 'stall' | 'reconnect' | 'restart'; who: number }
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      ago: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 70 })),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('read' as const, 'stall' as const, 'reconnect' as const, 'restart' as const),
      who: fc.integer({ min: 0, max: 2 }),
    }),
  },
)

test('whatever rows come and clients do, numbers never go back and all end at the truth', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = manualClock(start)
      const metric = fakeMetric(clock, 'M', '90s')
      const open = () => publisher({ source: metric.source, question: plainQuestion('w', 'M', 'minute'), clock })
      let live = open()
      let clients = [fakeClient(), fakeClient(), fakeClient()]
      for (const client of clients) live.attach(client, undefined)
      const rejoin = (index: number): void => {
        const again = fakeClient(clients[index])
        clients = clients.with(index, again)
        live.attach(again, again.place)
      }
      for (const one of steps) {
        if (one.do === 'add') live.wake(metric.add(Math.floor(clock.now() / minute) * minute - one.ago * minute))
        else if (one.do === 'wait') await clock.advance(one.ms)
        else {
          const client = clients[one.who]!
          if (one.do === 'stall') client.reading = false
          if (one.do === 'read') {
            client.reading = true
            client.read()
            live.drained(client)
          }
          if (one.do === 'reconnect') {
            live.detach(client)
            rejoin(one.who)
          }
          if (one.do === 'restart') {
            live.stop()
            live = open()
            for (const index of clients.keys()) rejoin(index)
          }
        }
        live.sweep()
      }
      await clock.advance(3000)
      for (const index of clients.keys()) {
        const client = clients[index]!
        client.reading = true
        client.read()
        if (client.ended === 'cut') rejoin(index)
        else live.drained(client)
      }
      await clock.advance(3000)
      const from = Math.floor(clock.now() / minute) * minute - 59 * minute
      const truth = metric.truth(from, Infinity)
      for (const client of clients) {
        assert.deepEqual(client.wentBack, [])
        const held = new Map([...client.points].filter(([key]) => key >= from))
        assert.deepEqual(
          [...held].toSorted(([a], [b]) => a - b),
          [...truth].toSorted(([a], [b]) => a - b),
        )
      }
      live.stop()
    }),
    { numRuns: Number(process.env['MILLRACE_TEST_PROPERTY_RUNS'] ?? 60) },
  )
})
