import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '#adapters/clock-manual'
import { rateLimit } from './rate-limit.ts'

const signal = new AbortController().signal

function limitOf(clock = manualClock(0)) {
  const limit = rateLimit({ now: clock.now, wait: (ms, stop) => clock.sleep(ms, stop) })
  const sent: [string, number][] = []
  const send = (key: string, perSecond: number, stop = signal) =>
    limit(key, perSecond, stop).then(() => void sent.push([key, clock.now()]))
  return { clock, sent, send }
}

test('requests with one key are sent at the rate that is allowed, and keys do not wait for each other', async () => {
  const { clock, sent, send } = limitOf()
  const all = Promise.all([send('a', 50), send('a', 50), send('b', 2), send('a', 50), send('b', 2)])
  await clock.advance(0)
  await clock.advance(1_000)
  await all
  assert.deepEqual(sent, [
    ['a', 0],
    ['b', 0],
    ['a', 20],
    ['a', 40],
    ['b', 500],
  ])
})

test('time in which nothing is sent does not add up', async () => {
  const { clock, sent, send } = limitOf()
  await send('a', 50)
  await clock.advance(10_000)
  const all = Promise.all([send('a', 50), send('a', 50)])
  await clock.advance(0)
  await clock.advance(20)
  await all
  assert.deepEqual(
    sent.map(([, at]) => at),
    [0, 10_000, 10_020],
  )
})

test('an abort ends the wait with its reason', async () => {
  const { send } = limitOf()
  const stop = new AbortController()
  await send('a', 1)
  const waiting = send('a', 1, stop.signal)
  const reason = new Error('stop')
  stop.abort(reason)
  await assert.rejects(waiting, (error) => error === reason)
})
