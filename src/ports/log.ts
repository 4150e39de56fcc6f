import type { ColumnType } from '#core/dataset'
import type { EngineSettings } from '#core/engine-settings'
import type { Position } from '#core/position'
import type { QueryLimits } from './warehouse.ts'

export type { Position }

/**
 * The log: ordered, durable blocks of rows per topic, with replay and consumer groups.
 *
 * A block is appended whole or not at all. Its id makes a retry harmless: the same id in the same
 * topic answers the position of the first time, however late it comes (ids are kept for at least
 * `topic.rememberIdsMs`).
 *
 * A position says which rows of a topic somebody has read or computed with. A log with several partitions has one
 * component per partition, so of two positions neither may cover the other.
 *
 * ```ts
 * const topic = { workspace: 'default', name: 'clicks' }
 * const columns = [{ name: 'page', type: 'String', required: true }]
 * await ports.log.open({ ...topic, database: 'default', table: 'clicks', columns, rememberIdsMs: 3_600_000 })
 * const block = { id: 'first', ndjson: Buffer.from('{"page":"/"}\n{"page":"/about"}'), count: 2 }
 * await ports.log.append(topic, block) // { rows: 2, to: '2', duplicate: false }
 * const { to } = await ports.log.append(topic, block)
 * ports.log.positions.covers(await ports.log.end(topic), to) // true
 * const { ndjson } = await ports.log.read(topic, { after: ports.log.positions.start, limit: 1 })
 * JSON.parse(Buffer.from(ndjson).toString()) // { page: '/', _position: '1', _ingested_at: '…' }
 * ```
 */
export interface Log {
  readonly positions: Positions
  /** Creates the topic, or takes up its changed columns (only added ones). Unfinished blocks of a crash are finished or removed before it resolves. */
  open(topic: Topic): Promise<void>
  append(topic: TopicName, block: Block): Promise<Appended>
  /** Acknowledged rows after a position, in order per partition, as NDJSON lines that carry `_position` and `_ingested_at`. */
  read(topic: TopicName, options: ReadOptions): Promise<ReadSlice>
  /** Covers every acknowledged row and no other. */
  end(topic: TopicName): Promise<Position>
  /**
   * Rows up to this position were replaced by a later block and are gone; the start when none were. Waits for a
   * replacement under way, so whoever reads rows between two equal answers has read none that were mixed.
   */
  replacedUpTo(topic: TopicName): Promise<Position>
  /** Called after each acknowledged block of rows, in order per partition. */
  onAppended(listener: (event: AppendedEvent) => void): { close(): void }
  group(topic: TopicName, name: string): ConsumerGroup
  remove(topic: TopicName): Promise<void>
  close(): Promise<void>
}

/** What can be asked of the positions of a log. Covering is a partial order, `merge` its least upper bound. */
export interface Positions {
  /** Before every row. */
  readonly start: Position
  /** Reads the text of a position that comes from outside; `0` is the start. Rejects any other text with `BadPosition`. */
  decode(text: string): Position
  /** Whether every row up to `other` is also up to `position`. */
  covers(position: Position, other: Position): boolean
  /** The least position that covers both. */
  merge(one: Position, other: Position): Position
  /** How many rows were appended after `after` and up to `to`, with those that have been replaced since. */
  rowsBetween(after: Position, to: Position): number
  /** A position up to `to` that has at most `maxRows` rows after `after`, and as many as there are. */
  advance(after: Position, to: Position, maxRows: number): Position
  readonly sql: PositionSql
}

/** Positions in statements over the table of a topic. */
export interface PositionSql {
  /**
   * The engine's type for a position; the engine reads and writes it in the text form. Of positions that cover one
   * another, `max` gives the furthest, and `>` is true for the further one. A table without rows has the start as `max`.
   */
  readonly type: string
  /** The start as an expression of that type. */
  readonly start: string
  readonly row: RowPositionSql
  /** The condition for the rows after `after` and up to `to`: expressions of `type`, such as `{after:UInt64}`. */
  between(after: string, to: string): string
}

/** The column that tells the rows of a topic apart. */
export interface RowPositionSql {
  readonly name: string
  /** The engine's. Its values have an order, in which pages of rows follow each other. */
  readonly type: string
  /** As filters see it; absent where they cannot compare it with anything. */
  readonly columnType?: ColumnType
  /** Behind `ORDER BY`: the rows that came last come first. */
  readonly newestFirst: string
}

export interface ReadOptions {
  readonly after: Position
  readonly limit: number
  /** A table or query in brackets that holds some of the topic's rows, with its columns: what a reader may see of them. */
  readonly from?: string
  readonly signal?: AbortSignal
}

export interface TopicName {
  readonly workspace: string
  readonly name: string
}

export interface Topic extends TopicName {
  /** Where the warehouse shows the rows: `database.table`, with `_position` and `_ingested_at` beside the columns. */
  readonly database: string
  readonly table: string
  /** Engine types, e.g. `{ name: 'amount', type: 'Decimal(18, 4)', required: true }`. */
  readonly columns: readonly TopicColumn[]
  readonly rememberIdsMs: number
}

export interface TopicColumn {
  readonly name: string
  readonly type: string
  /** A row without it, or with null, breaks the block. */
  readonly required: boolean
  /** Any JSON value, kept as its text in a `String`. */
  readonly json?: boolean
}

/**
 * Rows either come as NDJSON bytes (one object a line, `count` lines that are not empty), or the engine
 * reads them itself with `select` (the topic's columns by name). A block of no rows only records its id.
 */
export type Block = BlockIdentity & (NdjsonBlock | SelectBlock)

export interface BlockIdentity {
  readonly id: string
  /** A note of the caller, kept with the id and handed back to a retry. */
  readonly tag?: string
  /** Nobody will send this id again: it need not be remembered. Only for NDJSON. */
  readonly once?: boolean
  /** Longer than the topic's `rememberIdsMs`. */
  readonly rememberMs?: number
}

export interface NdjsonBlock {
  readonly ndjson: Uint8Array
  readonly count: number
}

export interface SelectBlock {
  readonly select: string
  /** Without it the log counts what it reads; with it another number of rows is refused. */
  readonly count?: number
  readonly parameters?: Readonly<Record<string, unknown>>
  /**
   * Takes all rows of the topic away in the same step, also those appended while the select was read. Positions go
   * on, and readers see the rows of before or those of the select.
   */
  readonly replace?: boolean
  /** Settings the select must run with. */
  readonly settings?: EngineSettings
  readonly limits?: QueryLimits
  /** Stops the reading; a block that was read is appended all the same. */
  readonly signal?: AbortSignal
  /** Called now and then while the select runs, and once when it has ended. */
  readonly onProgress?: (progress: SelectProgress) => void
}

export interface SelectProgress {
  readonly rowsRead: number
  readonly rowsWritten: number
  /** Known at the end. */
  readonly bytesWritten?: number
}

export interface Appended {
  readonly rows: number
  /** Covers the rows of the block. */
  readonly to: Position
  /** The block had been appended before under this id. */
  readonly duplicate: boolean
  /** The tag the block was first appended with. */
  readonly tag?: string
}

export interface AppendedEvent extends Appended {
  readonly topic: TopicName
  /** All rows before this block are gone. */
  readonly replaced?: true
}

export interface ReadSlice {
  readonly ndjson: Uint8Array
  readonly count: number
  /** Where to read on: covers the rows of the slice, and those that `from` leaves out among them. */
  readonly last: Position
}

export interface ConsumerGroup {
  /** The last committed position; the start at first. */
  position(): Promise<Position>
  /** Refuses a position that does not cover the last one. */
  commit(position: Position): Promise<void>
  /** Replay: sets any position, also an earlier one. */
  seek(position: Position): Promise<void>
}

/** The rows of a block do not fit the topic's columns; nothing of it was appended. */
export class BlockRejected extends Error {
  override readonly name = 'BlockRejected'
}

/** A text that is no position of this log. */
export class BadPosition extends Error {
  override readonly name = 'BadPosition'
}
