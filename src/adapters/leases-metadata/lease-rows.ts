/** The rows of `stores.lease`, as one server sees and changes them. */
import { LeaseLost } from '#ports/leases'
import { MetadataError, type Sql, type SqlSession } from '#ports/metadata'

export interface LeaseRows {
  /** Returns the token, or nothing while another server holds the name. */
  take(name: string, above: bigint): Promise<bigint | undefined>
  /** Who holds it, for people. */
  holderOf(name: string): Promise<string>
  /** Rejects with `LeaseLost` when this server counts as ended. */
  assertServing(name: string): Promise<void>
  /** Returns false when another token is the one that counts. */
  isGuarded(session: SqlSession, name: string, token: bigint): Promise<boolean>
  release(name: string, token: bigint): Promise<void>
  releaseAll(names: readonly string[]): Promise<void>
  /** What this server holds by now. */
  tokens(): Promise<ReadonlyMap<string, bigint>>
}

const notHeld = 'MR001'

export function leaseRows(sql: Sql, serverId: string, lapseMs: number): LeaseRows {
  return {
    async take(name, above) {
      const { rows } = await sql.query<{ token: string }>(
        `insert into stores.lease as l (name, token, server)
         select $1, $3::bigint + 1, s.id from stores.server s where s.id = $2 and s.ended is null
         on conflict (name) do update set token = greatest(l.token, $3::bigint) + 1, server = excluded.server, acquired_at = now()
           where l.server is null or l.server = excluded.server or not exists (
             select from stores.server h where h.id = l.server and h.ended is null
               and h.heartbeat > clock_timestamp() - $4::float8 * interval '1 millisecond')
         returning token::text as token`,
        [name, serverId, String(above), lapseMs],
      )
      return rows[0] && BigInt(rows[0].token)
    },
    async holderOf(name) {
      const { rows } = await sql.query<{ host: string; process: number; started: Date }>(
        'select host, process, started from stores.lease l join stores.server s on s.id = l.server where l.name = $1',
        [name],
      )
      const [row] = rows
      return row ? `process ${row.process} on ${row.host} (since ${row.started.toISOString()})` : 'another server'
    },
    async assertServing(name) {
      const { rows } = await sql.query('select from stores.server where id = $1 and ended is null', [serverId])
      if (rows.length === 0) throw new LeaseLost(name)
    },
    async isGuarded(session, name, token) {
      try {
        await session.query('select stores.guard_lease($1, $2::bigint)', [name, String(token)])
        return true
      } catch (error) {
        if (!(error instanceof MetadataError) || error.code !== notHeld) throw error
        return false
      }
    },
    async release(name, token) {
      await sql.query('update stores.lease set server = null where name = $1 and token = $2::bigint', [
        name,
        String(token),
      ])
    },
    async releaseAll(names) {
      await sql.query('update stores.lease set server = null where server = $1 and name = any($2::text[])', [
        serverId,
        names,
      ])
    },
    async tokens() {
      const { rows } = await sql.query<{ name: string; token: string }>(
        `select l.name, l.token::text as token from stores.lease l join stores.server s on s.id = l.server and s.ended is null
         where l.server = $1`,
        [serverId],
      )
      return new Map(rows.map((row) => [row.name, BigInt(row.token)]))
    },
  }
}
