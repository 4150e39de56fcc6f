import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { keyedQueue } from './keyed-queue.ts'
import { semaphore } from './semaphore.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('never more than the limit runs, all of it ends, in the order in which it came', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.nat(3), { maxLength: 20 }), async (max, turns) => {
      const limit = semaphore({ max })
      const begun: number[] = []
      let maxRunning = 0
      await Promise.allSettled(
        turns.map((count, index) =>
          limit.run(async () => {
            begun.push(index)
            maxRunning = Math.max(maxRunning, limit.running)
            for (let at = 0; at < count; at += 1) await turn()
            if (count === 3) throw new Error('fails')
          }),
        ),
      )
      assert.deepEqual(begun, [...turns.keys()])
      assert.ok(maxRunning <= max)
      assert.deepEqual([limit.running, limit.waiting], [0, 0])
    }),
    { numRuns: 50 },
  )
})

test('an abort while waiting rejects with its reason and leaves no hole in the queue', async () => {
  const limit = semaphore({ max: 1 })
  const leave = await limit.enter()
  const stop = new AbortController()
  const second = limit.enter({ signal: stop.signal })
  const third = limit.enter()
  const reason = new Error('stop')
  stop.abort(reason)
  await assert.rejects(second, (error) => error === reason)
  leave()
  leave()
  const leaveThird = await third
  assert.deepEqual([limit.running, limit.waiting], [1, 0])
  leaveThird()
  assert.equal(limit.running, 0)
  await assert.rejects(limit.enter({ signal: stop.signal }), (error) => error === reason)
})

test('what exceeds the queue is refused, and a closed semaphore refuses what waits and what comes', async () => {
  const limit = semaphore({ max: 1, maxWaiting: 1 })
  await limit.enter()
  const waiting = assert.rejects(limit.enter(), /closed/)
  await assert.rejects(limit.enter({ busy: (waiting) => new Error(`${waiting} queued`) }), /1 queued/)
  limit.close(new Error('closed'))
  await waiting
  await assert.rejects(limit.enter(), /closed/)
})

test('work with one key runs one after the other, also after a failure, and keys do not wait for each other', async () => {
  const inTurn = keyedQueue()
  const seen: string[] = []
  const held = Promise.withResolvers<void>()
  const work = (name: string, until?: Promise<void>) => async () => {
    seen.push(`${name} begins`)
    await until
    seen.push(`${name} ends`)
    if (name === 'a1') throw new Error('a1 fails')
    return name
  }
  const first = assert.rejects(inTurn('a', work('a1', held.promise)), /a1 fails/)
  const second = inTurn('a', work('a2'))
  assert.equal(await inTurn('b', work('b1')), 'b1')
  held.resolve()
  await first
  assert.equal(await second, 'a2')
  assert.deepEqual(seen, ['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 begins', 'a2 ends'])
})
