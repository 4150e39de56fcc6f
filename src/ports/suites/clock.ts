import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Clock } from '../clock.ts'

/** `pass` lets that much of the clock's time go by. */
export function registerClockSuite(
  name: string,
  open: () => { clock: Clock; pass: (ms: number) => Promise<void> },
): void {
  describe(`clock: ${name}`, () => {
    test('sleep ends after its time, not before', async () => {
      const { clock, pass } = open()
      const start = clock.now()
      const slept = clock.sleep(40).then(() => clock.now())
      await pass(80)
      assert.ok((await slept) - start >= 39)
    })

    test('an aborted sleep rejects with the reason of the signal', async () => {
      const { clock } = open()
      const abort = new AbortController()
      const reason = new Error('enough')
      const slept = clock.sleep(60_000, abort.signal)
      abort.abort(reason)
      await assert.rejects(slept, reason)
      await assert.rejects(clock.sleep(1, abort.signal), reason)
    })

    test('every calls again and again until stopped', async () => {
      const { clock, pass } = open()
      let ticks = 0
      const timer = clock.every(10, () => {
        ticks += 1
      })
      await pass(100)
      timer.stop()
      const seen = ticks
      assert.ok(seen >= 3, `${seen} ticks`)
      await pass(50)
      assert.equal(ticks, seen)
    })
  })
}
