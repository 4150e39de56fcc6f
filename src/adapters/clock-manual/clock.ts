import type { Clock } from '#ports/clock'

export interface ManualClock extends Clock {
  /** Moves time on and does on the way what is due, in order of time; waits for what that wakes. */
  advance(ms: number): Promise<void>
}

/** A clock that tests turn. */
export function manualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let now = start
  let order = 0
  const due = new Map<number, { at: number; run: () => void }>()
  const add = (at: number, run: () => void): number => {
    due.set(++order, { at, run })
    return order
  }
  const next = (until: number): [number, { at: number; run: () => void }] | undefined =>
    [...due].filter(([, entry]) => entry.at <= until).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0]
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        const id = add(now + Math.max(0, ms), () => resolve())
        signal?.addEventListener(
          'abort',
          () => {
            if (due.delete(id)) reject(signal.reason)
          },
          { once: true },
        )
      })
    },
    every: (ms, tick) => {
      let id = 0
      const plan = (at: number): void => {
        id = add(at, () => {
          plan(at + ms)
          tick()
        })
      }
      plan(now + ms)
      return { stop: () => void due.delete(id) }
    },
    advance: async (ms) => {
      const until = now + ms
      for (let entry = next(until); entry !== undefined; entry = next(until)) {
        const [id, { at, run }] = entry
        due.delete(id)
        now = Math.max(now, at)
        run()
        await drainCallbacks()
      }
      now = until
      await drainCallbacks()
    },
  }
}

async function drainCallbacks(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
