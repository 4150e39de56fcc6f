/**
 * What is made once for a key, when first asked for. Callers at the same time get one promise; after a failure it is
 * made anew. More than `maxKept` keys begin again with none.
 *
 * ```ts
 * const tables = oncePerKey<string>()
 * const [one, same] = await Promise.all([tables('a', async () => 'table of a'), tables('a', async () => 'another')])
 * one === same // true
 * ```
 */
export function oncePerKey<T>({ maxKept = Infinity } = {}): (key: string, make: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, Promise<T>>()
  return (key, make) => {
    const known = kept.get(key)
    if (known !== undefined) return known
    if (kept.size >= maxKept) kept.clear()
    const making = make()
    kept.set(key, making)
    making.catch(() => kept.get(key) === making && kept.delete(key))
    return making
  }
}
