import { setTimeout as sleep } from 'node:timers/promises'

/** Counts the calls that are being answered. */
export interface InFlight {
  enter(): void
  leave(): void
  /** Resolves when none is left, or when the time is over. */
  idle(withinMs: number): Promise<void>
}

export function inFlight(): InFlight {
  let count = 0
  let onIdle = () => {}
  return {
    enter: () => void count++,
    leave() {
      if (--count === 0) onIdle()
    },
    async idle(withinMs) {
      if (count === 0) return
      const patience = new AbortController()
      const idle = new Promise<void>((resolve) => (onIdle = resolve))
      await Promise.race([idle, sleep(withinMs, undefined, { signal: patience.signal }).catch(() => undefined)])
      patience.abort()
    },
  }
}
