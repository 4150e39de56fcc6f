import assert from 'node:assert/strict'
import { test } from 'node:test'
import { registerClockSuite } from '#ports/suites/clock'
import { manualClock } from './clock.ts'

registerClockSuite('manual', () => {
  const clock = manualClock()
  return { clock, pass: clock.advance }
})

test('what is due happens in order of time, each at its own time', async () => {
  const clock = manualClock(0)
  const seen: string[] = []
  clock.every(40, () => seen.push(`tick ${clock.now()}`))
  void clock.sleep(50).then(() => seen.push(`slept ${clock.now()}`))
  await clock.advance(100)
  assert.deepEqual(seen, ['tick 40', 'slept 50', 'tick 80'])
})
