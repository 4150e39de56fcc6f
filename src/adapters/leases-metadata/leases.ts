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
import { MetadataError, type Metadata, type SqlSession } from '#ports/metadata'

export interface MetadataLeasesOptions {
  readonly metadata: Metadata
  /** This server, as it stands in `stores.server`. */
  readonly server: { readonly id: string; onHeartbeat(listener: () => Promise<void>): void }
  /** A server without a heartbeat for this long counts as dead. */
  readonly lapseMs: number
}

const notHeld = 'MR001'
const lookEveryMs = 200

export function metadataLeases({ metadata, server, lapseMs }: MetadataLeasesOptions): Leases {
  const sql = metadata.system
  const held = new Map<string, { readonly token: bigint; readonly lost: AbortController }>()
  /** Names this process is acquiring: the database does not tell two of its callers apart. */
  const acquiring = new Set<string>()

  /** Returns the token, or nothing while another holds the name. */
  const take = async (name: string, above: bigint): Promise<bigint | undefined> => {
    const { rows } = await sql.query<{ token: string }>(
      `insert into stores.lease as l (name, token, server)
       select $1, $3::bigint + 1, s.id from stores.server s where s.id = $2 and s.ended is null
       on conflict (name) do update set token = greatest(l.token, $3::bigint) + 1, server = excluded.server, acquired_at = now()
         where l.server is null or l.server = excluded.server or not exists (
           select from stores.server h where h.id = l.server and h.ended is null
             and h.heartbeat > clock_timestamp() - $4::float8 * interval '1 millisecond')
       returning token::text as token`,
      [name, server.id, String(above), lapseMs],
    )
    return rows[0] && BigInt(rows[0].token)
  }
  const holderOf = async (name: string): Promise<string> => {
    const { rows } = await sql.query<{ host: string; process: number; started: Date }>(
      'select host, process, started from stores.lease l join stores.server s on s.id = l.server where l.name = $1',
      [name],
    )
    const [row] = rows
    return row ? `process ${row.process} on ${row.host} (since ${row.started.toISOString()})` : 'another server'
  }
  const assertServing = async (name: string): Promise<void> => {
    const { rows } = await sql.query('select from stores.server where id = $1 and ended is null', [server.id])
    if (rows.length === 0) throw new LeaseLost(name)
  }

  const lease = (name: string, token: bigint): Lease => {
    const lost = new AbortController()
    const mine = { token, lost }
    held.set(name, mine)
    const guard = async (session: SqlSession): Promise<void> => {
      if (held.get(name) !== mine) throw new LeaseLost(name)
      try {
        await session.query('select stores.guard_lease($1, $2::bigint)', [name, String(token)])
      } catch (error) {
        if (!(error instanceof MetadataError) || error.code !== notHeld) throw error
        lose(name, mine)
        throw new LeaseLost(name)
      }
    }
    return {
      name,
      fencingToken: token,
      lost: lost.signal,
      guard,
      query: (target, text, values) =>
        target.transaction(async (session) => {
          await guard(session)
          return await session.query(text, values)
        }),
      async release() {
        if (held.get(name) !== mine) return
        held.delete(name)
        await sql.query('update stores.lease set server = null where name = $1 and token = $2::bigint', [
          name,
          String(token),
        ])
      },
    }
  }
  const lose = (name: string, entry: { readonly lost: AbortController }): void => {
    if (held.get(name) === entry) held.delete(name)
    entry.lost.abort(new LeaseLost(name))
  }

  server.onHeartbeat(async () => {
    if (held.size === 0) return
    const before = [...held]
    const { rows } = await sql.query<{ name: string; token: string }>(
      `select l.name, l.token::text as token from stores.lease l join stores.server s on s.id = l.server and s.ended is null
       where l.server = $1`,
      [server.id],
    )
    const tokens = new Map(rows.map((row) => [row.name, BigInt(row.token)]))
    for (const [name, entry] of before)
      if (held.get(name) === entry && tokens.get(name) !== entry.token) lose(name, entry)
  })

  return {
    async acquire(name, { waitMs = 0, signal, above = 0n } = {}) {
      const until = performance.now() + waitMs
      for (;;) {
        signal?.throwIfAborted()
        if (!held.has(name) && !acquiring.has(name)) {
          acquiring.add(name)
          try {
            const token = await take(name, above)
            if (token !== undefined) return lease(name, token)
          } finally {
            acquiring.delete(name)
          }
          await assertServing(name)
        }
        const left = until - performance.now()
        if (left <= 0) throw new LeaseHeld(name, await holderOf(name))
        await sleep(Math.min(left, lookEveryMs), undefined, signal === undefined ? {} : { signal }).catch(() =>
          signal?.throwIfAborted(),
        )
      }
    },
    async close() {
      const names = [...held.keys()]
      held.clear()
      if (names.length > 0)
        await sql.query('update stores.lease set server = null where server = $1 and name = any($2::text[])', [
          server.id,
          names,
        ])
    },
  }
}
