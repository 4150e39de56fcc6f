/**
 * Leases in the metadata database, for servers that share it. The tables and the function behind
 * `guard` are the kernel's (`src/kernel/stores/migrations`).
 *
 * A lease belongs to a server and may be taken when that server has ended or gives no sign of life.
 * Only the fencing token protects what is written: how long a silent server is waited for is a matter
 * of patience, not of safety.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LeaseHeld, LeaseLost, type Lease, type Leases } from '#ports/leases'
import type { Metadata } from '#ports/metadata'
import { leaseRows, type LeaseRows } from './lease-rows.ts'

export interface MetadataLeasesOptions {
  readonly metadata: Metadata
  /** This server, as recorded in `stores.server`. */
  readonly server: { readonly id: string; onHeartbeat(listener: () => Promise<void>): void }
  /** A server without a heartbeat for this long counts as dead. */
  readonly lapseMs: number
}

const lookEveryMs = 200
/** For the look that finds a holder silent, and a database that answers slowly. */
const marginMs = 3_000

export function metadataLeases({ metadata, server, lapseMs }: MetadataLeasesOptions): Leases {
  const rows = leaseRows(metadata.system, server.id, lapseMs)
  const held = heldLeases(rows)
  /** Names this process is acquiring: the database does not tell two of its callers apart. */
  const acquiring = new Set<string>()
  server.onHeartbeat(held.check)

  const tryAcquire = async (name: string, above: bigint): Promise<Lease | undefined> => {
    if (held.has(name) || acquiring.has(name)) return undefined
    acquiring.add(name)
    try {
      const token = await rows.take(name, above)
      if (token !== undefined) return held.add(name, token)
    } finally {
      acquiring.delete(name)
    }
    await rows.assertServing(name)
    return undefined
  }
  return {
    takeOverMs: lapseMs + marginMs,
    async acquire(name, { waitMs = 0, signal, above = 0n } = {}) {
      const until = performance.now() + waitMs
      for (;;) {
        signal?.throwIfAborted()
        const lease = await tryAcquire(name, above)
        if (lease !== undefined) return lease
        const left = until - performance.now()
        if (left <= 0) throw new LeaseHeld(name, await rows.holderOf(name))
        await sleep(Math.min(left, lookEveryMs), undefined, signal === undefined ? {} : { signal }).catch(() =>
          signal?.throwIfAborted(),
        )
      }
    },
    close: held.close,
  }
}

interface HeldLeases {
  has(name: string): boolean
  add(name: string, token: bigint): Lease
  /** Ends the leases that the tables do not know as this server's any more. */
  check(): Promise<void>
  close(): Promise<void>
}

interface HeldLease {
  readonly token: bigint
  readonly lost: AbortController
}

/** The leases of this process. */
function heldLeases(rows: LeaseRows): HeldLeases {
  const held = new Map<string, HeldLease>()
  const lose = (name: string, lease: HeldLease): void => {
    if (held.get(name) === lease) held.delete(name)
    lease.lost.abort(new LeaseLost(name))
  }
  return {
    has: (name) => held.has(name),
    add(name, token) {
      const mine: HeldLease = { token, lost: new AbortController() }
      held.set(name, mine)
      const guard: Lease['guard'] = async (session) => {
        if (held.get(name) !== mine) throw new LeaseLost(name)
        if (await rows.isGuarded(session, name, token)) return
        lose(name, mine)
        throw new LeaseLost(name)
      }
      return {
        name,
        fencingToken: token,
        lost: mine.lost.signal,
        guard,
        query: (target, text, values) =>
          target.transaction(async (session) => {
            await guard(session)
            return await session.query(text, values)
          }),
        async release() {
          if (held.get(name) !== mine) return
          held.delete(name)
          await rows.release(name, token)
        },
      }
    },
    async check() {
      if (held.size === 0) return
      const before = [...held]
      const tokens = await rows.tokens()
      for (const [name, lease] of before)
        if (held.get(name) === lease && tokens.get(name) !== lease.token) lose(name, lease)
    },
    async close() {
      const names = [...held.keys()]
      held.clear()
      if (names.length > 0) await rows.releaseAll(names)
    },
  }
}
