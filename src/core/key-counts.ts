/**
 * Counts by key; a key whose count falls to 0 is gone.
 *
 * ```ts
 * const watchers = keyCounts()
 * watchers.increment('orders')
 * watchers.count('orders') // 1
 * watchers.decrement('orders')
 * watchers.has('orders') // false
 * ```
 */
export interface KeyCounts {
  increment(key: string): void
  /** Does nothing for a key without a count. */
  decrement(key: string): void
  delete(key: string): void
  has(key: string): boolean
  count(key: string): number
}

export function keyCounts(): KeyCounts {
  const counts = new Map<string, number>()
  const count: KeyCounts['count'] = (key) => counts.get(key) ?? 0
  return {
    increment: (key) => void counts.set(key, count(key) + 1),
    decrement(key) {
      const left = count(key) - 1
      if (left > 0) counts.set(key, left)
      else counts.delete(key)
    },
    delete: (key) => void counts.delete(key),
    has: (key) => counts.has(key),
    count,
  }
}
