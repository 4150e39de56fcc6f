/** At most so many requests a second to one server, whoever sends them. */
import { abortableWait } from './abortable-wait.ts'

const maxKeys = 1000

export interface RateLimitTime {
  /** Milliseconds, from any time on. */
  readonly now: () => number
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Resolves when the next request of this key may be sent; an abort rejects with the reason of the signal. */
export type RateLimit = (key: string, perSecond: number, signal: AbortSignal) => Promise<void>

export function rateLimit({ now, wait }: RateLimitTime): RateLimit {
  /** When the next request of each key may be sent; the key that was used last is the last. */
  const next = new Map<string, number>()
  return async (key, perSecond, signal) => {
    const time = now()
    const turn = Math.max(time, next.get(key) ?? 0)
    next.delete(key)
    next.set(key, turn + 1000 / perSecond)
    if (next.size > maxKeys) next.delete(next.keys().next().value ?? '')
    if (turn > time) await wait(turn - time, signal)
  }
}

/** Of this process. */
export const processRateLimit = rateLimit({ now: () => performance.now(), wait: abortableWait })
