/**
 * Leases of a single process: nothing is written, no timer runs. Right where nobody else can open the
 * same metadata, as with the embedded one, which the lock of the home protects.
 *
 * ```ts
 * const leases = memoryLeases()
 * const lease = await leases.acquire('reports')
 * lease.fencingToken // 1n
 * await lease.release()
 * ```
 */
import { LeaseHeld, LeaseLost, type AcquireOptions, type Lease, type Leases } from '#ports/leases'

/** A holder dies with its process, so this is how long one that ends may take. */
const takeOverMs = 15_000

export function memoryLeases(): Leases {
  const tokens = new Map<string, bigint>()
  const held = new Map<string, { readonly released: Promise<void>; release(): void }>()

  const take = (name: string, above: bigint): Lease => {
    const last = tokens.get(name) ?? 0n
    const fencingToken = (last > above ? last : above) + 1n
    tokens.set(name, fencingToken)
    const { promise: released, resolve } = Promise.withResolvers<void>()
    let open = true
    const release = (): void => {
      if (!open) return
      open = false
      held.delete(name)
      resolve()
    }
    held.set(name, { released, release })
    const assertHeld = (): void => {
      if (!open) throw new LeaseLost(name)
    }
    return {
      name,
      fencingToken,
      lost: new AbortController().signal,
      guard: async () => assertHeld(),
      query: async (sql, text, values) => {
        assertHeld()
        return await sql.query(text, values)
      },
      release: async () => release(),
    }
  }

  return {
    takeOverMs,
    async acquire(name, { waitMs = 0, signal, above = 0n }: AcquireOptions = {}) {
      const until = performance.now() + waitMs
      for (let holder = held.get(name); holder !== undefined; holder = held.get(name)) {
        const left = until - performance.now()
        if (left <= 0) throw new LeaseHeld(name, `process ${process.pid}`)
        await within(holder.released, left, signal)
      }
      signal?.throwIfAborted()
      return take(name, above)
    },
    async close() {
      for (const { release } of held.values()) release()
    },
  }
}

async function within(event: Promise<void>, ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const onAbort = (): void => reject(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([event, ended])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
