/**
 * Leases: work that must run once at a time, whatever the number of servers.
 *
 * A lease does not stop its holder: a process that was paused may continue after another has taken over.
 * So every lease carries a **fencing token** that grows with each acquisition of its name, and whoever
 * writes for the holder lets the store check the token: metadata through `guard` and `query`, the
 * warehouse through the fence of `log-warehouse` (its SPEC.md says how).
 *
 * ```ts
 * const lease = await ports.leases.acquire('reports/nightly')
 * lease.fencingToken > 0n // true
 * await lease.query(ports.metadata.system, 'select $1::int as n', [1]) // { rows: [{ n: 1 }], … }
 * await ports.metadata.system.transaction(async (session) => await lease.guard(session))
 * await lease.release()
 * ```
 */
import type { Sql, SqlResult, SqlSession } from './metadata.ts'

export interface Leases {
  /** Rejects with `LeaseHeld` when another holder keeps the name for longer than `waitMs`, and with `LeaseLost` when this process may hold nothing any more. */
  acquire(name: string, options?: AcquireOptions): Promise<Lease>
  /** Whoever waits this long gets the lease of a holder that has died. */
  readonly takeOverMs: number
  /** Releases whatever is held. */
  close(): Promise<void>
}

export interface AcquireOptions {
  /** How long to wait for another holder. Default 0. */
  readonly waitMs?: number
  readonly signal?: AbortSignal
  /** The token is greater than this one: the largest that a store outside has seen for the name. */
  readonly above?: bigint
}

export interface Lease {
  readonly name: string
  /** Greater than the token of every earlier holder of the name. */
  readonly fencingToken: bigint
  /** Aborted once the lease is known to be another's; its reason is a `LeaseLost`. Not aborted by `release`. */
  readonly lost: AbortSignal
  /** First call of a transaction that writes for the holder: rejects with `LeaseLost` unless the lease is held, and keeps it held until the transaction ends. */
  guard(session: SqlSession): Promise<void>
  /** One statement that takes effect only while the lease is held. */
  query<Row extends object = Record<string, unknown>>(
    sql: Sql,
    text: string,
    values?: readonly unknown[],
  ): Promise<SqlResult<Row>>
  /** Lets others have it. A second call does nothing. */
  release(): Promise<void>
}

/** Another holder has the name. */
export class LeaseHeld extends Error {
  override readonly name = 'LeaseHeld'

  constructor(lease: string, holder: string) {
    super(`The lease "${lease}" is held by ${holder}.`)
  }
}

/** The lease has gone to another holder, or was released. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'

  constructor(lease: string) {
    super(`The lease "${lease}" is not held any more: another server has taken over, or it was released.`)
  }
}

/** The same database for a holder: whatever is done through it takes effect only while the lease is held. */
export function heldSql(lease: Lease, sql: Sql): Sql {
  return {
    query: (text, values) => lease.query(sql, text, values),
    transaction: (work) =>
      sql.transaction(async (session) => {
        await lease.guard(session)
        return await work(session)
      }),
  }
}
