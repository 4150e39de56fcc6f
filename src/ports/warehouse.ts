import type { Readable } from 'node:stream'
import type { EngineFailure } from '#core/engine-failure'
import type { EngineSettings } from '#core/engine-settings'

/**
 * The columnar engine: ClickHouse's dialect over ClickHouse's HTTP protocol, whether it runs
 * embedded in a child process or as a cluster. Values are bound as `{name:Type}` parameters.
 *
 * Every call is bounded by `limits`; when the caller aborts, the engine stops the query.
 *
 * ```ts
 * await ports.warehouse.command('create table default.steps (n UInt8) engine = MergeTree order by n')
 * await ports.warehouse.command('insert into default.steps select number from numbers(5)') // { rowsWritten: 5, … }
 * const options = { parameters: { least: 3 }, limits: { seconds: 10 } }
 * await ports.warehouse.rows('select n from default.steps where n >= {least:UInt8}', options) // [{ n: 3 }, { n: 4 }]
 * ```
 */
export interface Warehouse {
  /** Rows as objects; for answers that are known to be small (`limits.rows`, default 10,000). */
  rows<Row extends object = Record<string, unknown>>(sql: string, options?: QueryOptions): Promise<readonly Row[]>
  /** The answer as a byte stream in one of the engine's formats, with no bound on its length. */
  stream(sql: string, format: string, options?: QueryOptions): Promise<Readable>
  /** A statement without an answer: DDL, INSERT … SELECT. Resolves when it is durable. */
  command(sql: string, options?: QueryOptions): Promise<CommandSummary>
  /** `INSERT INTO … FORMAT …` with the bytes as its data, all or nothing up to the engine's block size. */
  insert(sql: string, body: Uint8Array | Readable, options?: QueryOptions): Promise<CommandSummary>
  /** Asks a running query to stop. Resolves at once. */
  cancel(queryId: string): Promise<void>
  /**
   * Cancels a query whose answer was lost and resolves when the engine no longer runs it: from then on its effect is
   * there or is not, and stays so. Rejects with `WarehouseUnavailable` when the engine cannot say.
   */
  endQuery(queryId: string): Promise<void>
  /** Rejects when the engine does not answer in `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>
  /** What an error text says that the engine wrote into a file; `row` where the text does not name its row. */
  readFailure(text: string, row?: string): EngineFailure
  readonly features: WarehouseFeatures
  close(): Promise<void>
}

/** Engines differ by flags, not by name. */
export interface WarehouseFeatures {
  /** Files named in `file(...)` are this machine's: file sources and destinations work without an upload. */
  readonly localFiles: boolean
  /** No other process reaches the engine, and it ends with this one: no statement of a former server can arrive late. */
  readonly exclusive?: boolean
}

export interface QueryOptions {
  readonly database?: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly settings?: EngineSettings
  /** Settings in the engine's own names. Only for adapters of other ports that are built on this engine. */
  readonly engineNames?: Readonly<Record<string, string | number>>
  readonly queryId?: string
  readonly signal?: AbortSignal
  readonly limits?: QueryLimits
  /** Which pool of engine sessions serves it. `ingest` keeps places of its own, so long questions never hold up writing. */
  readonly lane?: 'ingest' | 'query' | 'batch'
  /** Called a few times a second while the query runs. */
  readonly onProgress?: (progress: Progress) => void
}

export interface QueryLimits {
  /**
   * The call ends with a time-out a few seconds after this at the latest, even when the engine does not stop its
   * work. The time that a call waits for a free session does not count.
   */
  readonly seconds?: number
  readonly rows?: number
  readonly memoryBytes?: number
  /** Rows that the engine reads on the way to the answer. */
  readonly rowsRead?: number
  /** What a GROUP BY or ORDER BY holds in memory before it continues on disk. */
  readonly spillBytes?: number
  /** What the query keeps on disk meanwhile. */
  readonly temporaryBytes?: number
}

export interface Progress {
  readonly rowsRead: number
  readonly rowsWritten: number
}

export interface CommandSummary {
  readonly queryId: string
  readonly rowsRead: number
  readonly rowsWritten: number
  readonly bytesWritten: number
  readonly elapsedMs: number
}

/** Why the engine refused a call, in words that hold for every engine. */
export type WarehouseErrorKind =
  | 'cancelled'
  | 'timeout'
  | 'memory'
  /** More rows or bytes than the call may read, hold or return. */
  | 'limit'
  /** Too many calls at once. */
  | 'busy'
  | 'disk_full'
  | 'syntax'
  /** Nested too deeply, or of too many parts. */
  | 'too_complex'
  /** A `{name:Type}` without a value. */
  | 'missing_parameter'
  | 'unknown_table'
  /** A table or database of that name is there already. */
  | 'exists'
  | 'unknown_column'
  | 'unknown_function'
  /** An insert names columns that the table does not have, or another number of them. */
  | 'columns'
  /** Values cannot be read, do not convert, or do not fit their column; also what `throwIf` refuses. */
  | 'data'
  | 'other'

/** What the engine refused. */
export class WarehouseError extends Error {
  override readonly name = 'WarehouseError'
  readonly kind: WarehouseErrorKind
  /** The engine's own name of the error, for people to search for. */
  readonly type: string
  readonly failure: EngineFailure

  constructor(failure: EngineFailure | string, kind: WarehouseErrorKind, type: string, cause?: unknown) {
    const read = typeof failure === 'string' ? { message: failure, reason: failure } : failure
    super(read.message, cause === undefined ? undefined : { cause })
    this.failure = read
    this.kind = kind
    this.type = type
  }
}

/** The engine could not be reached, or died during the call: whether a write took effect is unknown. */
export class WarehouseUnavailable extends Error {
  override readonly name = 'WarehouseUnavailable'
}
