import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LaneFull, openLane } from './lanes.ts'

const never = new AbortController().signal

test('places are given in the order of asking, and each is given back once', async () => {
  const lane = openLane(1, 10)
  const order: string[] = []
  const leave = await lane.enter(never)
  const second = lane.enter(never).then((left) => (order.push('second'), left))
  const third = lane.enter(never).then((left) => (order.push('third'), left))
  leave()
  leave()
  const leaveSecond = await second
  assert.deepEqual(order, ['second'])
  leaveSecond()
  ;(await third)()
  assert.deepEqual(order, ['second', 'third'])
  ;(await lane.enter(never))()
})

test('who gives up waiting takes no place', async () => {
  const lane = openLane(1, 10)
  const leave = await lane.enter(never)
  const abort = new AbortController()
  const given = lane.enter(abort.signal)
  abort.abort(new Error('gave up'))
  await assert.rejects(given, /gave up/)
  await assert.rejects(lane.enter(abort.signal), /gave up/)
  leave()
  ;(await lane.enter(never))()
})

test('a lane with too many waiting says so', async () => {
  const lane = openLane(0, 1)
  void lane.enter(never)
  await assert.rejects(lane.enter(never), LaneFull)
})
