import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '#ports/clock'

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    sleep: async (ms, signal) => {
      try {
        await wait(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) })
      } catch (error) {
        throw signal?.aborted === true ? signal.reason : error
      }
    },
    every: (ms, tick) => {
      const timer = setInterval(tick, ms)
      timer.unref()
      return { stop: () => clearInterval(timer) }
    },
  }
}
