/**
 * Runs work with the same key one after the other, in the order given; keys do not wait for each other. A failure does
 * not stop what comes next.
 *
 * ```ts
 * const inTurn = keyedQueue()
 * await inTurn('orders', async () => 'loaded') // 'loaded'
 * ```
 */
export function keyedQueue(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work)
    const ended = turn
      .catch(() => undefined)
      .then(() => {
        if (last.get(key) === ended) last.delete(key)
      })
    last.set(key, ended)
    return turn
  }
}
