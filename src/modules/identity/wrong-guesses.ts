import type { Clock } from '#ports/clock'
import { identityErrors } from './errors.ts'

export interface WrongGuesses {
  /** Rejects with `identity.tooManyGuesses` while an address has none left. */
  check(address: string): void
  count(address: string): void
}

/** Each address may be wrong `burst` times, and `perSecond` more as time goes by. */
export function wrongGuesses(clock: Clock, { burst = 300, perSecond = 5, addresses = 10_000 } = {}): WrongGuesses {
  const spent = new Map<string, { spent: number; at: number }>()
  const now = (address: string): number => {
    const before = spent.get(networkOf(address))
    return before === undefined ? 0 : Math.max(0, before.spent - ((clock.now() - before.at) / 1000) * perSecond)
  }
  return {
    check(address) {
      if (now(address) >= burst) throw identityErrors.tooManyGuesses({})
    },
    count(address) {
      const value = now(address) + 1
      const network = networkOf(address)
      spent.delete(network)
      spent.set(network, { spent: value, at: clock.now() })
      if (spent.size <= addresses) return
      const oldest = spent.keys().next()
      if (oldest.done !== true) spent.delete(oldest.value)
    },
  }
}

/** Whoever has one IPv6 address has the 2^64 beside it. */
function networkOf(address: string): string {
  return address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address
}
