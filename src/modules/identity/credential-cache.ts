import type { Clock } from '#ports/clock'

export interface CredentialCache<T> {
  /** What is remembered for a digest; else asks, once for all who want it at the same time. */
  get(digest: string, ask: () => Promise<T | undefined>): Promise<T | undefined>
  /** Whether it was known lately, without asking. */
  has(digest: string): boolean
  clear(): void
}

/** Only what is right is remembered, for half a minute; ingest asks thousands of times a second. */
export function credentialCache<T>(clock: Clock, { maxEntries = 10_000, keepMs = 30_000 } = {}): CredentialCache<T> {
  const entries = new Map<string, { value: Promise<T | undefined>; until: number }>()
  return {
    async get(digest, ask) {
      const known = entries.get(digest)
      if (known !== undefined && known.until > clock.now()) return await known.value
      const entry = { value: ask(), until: clock.now() + keepMs }
      entries.set(digest, entry)
      if (entries.size > maxEntries) forgetOldest(entries)
      const forget = (): void => {
        if (entries.get(digest) === entry) entries.delete(digest)
      }
      try {
        const value = await entry.value
        if (value === undefined) forget()
        return value
      } catch (error) {
        forget()
        throw error
      }
    },
    has: (digest) => entries.has(digest),
    clear: () => entries.clear(),
  }
}

function forgetOldest(entries: Map<string, unknown>): void {
  const oldest = entries.keys().next()
  if (oldest.done !== true) entries.delete(oldest.value)
}
