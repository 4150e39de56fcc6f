import type { EngineSettings } from '#core/engine-settings'
import { face } from '#kernel/module'
import type { Reader } from '#modules/datasets'

export const explore = face<Explore>('explore')

/**
 * Somebody's SQL, made harmless: parsed by the engine, held against an allow-list, bound to what the reader may see.
 *
 * ```ts
 * const reader = await needs.datasets.readerOf(actor)
 * const { sql, settings, reads } = await needs.explore.check(reader, 'select count() as n from orders')
 * reads // ['orders']
 * await ports.warehouse.rows(sql, { settings }) // [{ n: '3' }]
 * ```
 */
export interface Explore {
  /**
   * Rejects with `explore.refused` and every problem found. `tables` are further names the statement
   * may read, each standing for a place in the warehouse (a pipeline's `input`).
   */
  check(reader: Reader, sql: string, options?: CheckOptions): Promise<CheckedQuery>
}

export interface CheckOptions {
  readonly tables?: Readonly<Record<string, { database: string; table: string; columns?: readonly string[] }>>
  /** May the statement read the workspace's datasets too? Default true. */
  readonly datasets?: boolean
}

export interface CheckedQuery {
  /** One SELECT whose tables are fully qualified; safe to put into brackets. */
  readonly sql: string
  /** Settings it must run with. */
  readonly settings: EngineSettings
  /** The datasets it reads. */
  readonly reads: readonly string[]
}
