/**
 * The log: ordered, durable blocks of rows per topic, with replay and consumer groups.
 *
 * A block is taken whole or not at all. Its id makes a retry harmless: the same id in the same
 * topic answers the positions of the first time, however late it comes (ids are kept for at least
 * `topic.rememberIdsMs`). Positions of a topic are dense: 1, 2, 3 … in the order of acknowledgement.
 *
 * ```ts
 * const topic = { workspace: 'default', name: 'clicks' }
 * const columns = [{ name: 'page', type: 'String', required: true }]
 * await ports.log.open({ ...topic, database: 'default', table: 'clicks', columns, rememberIdsMs: 3_600_000 })
 * const block = { id: 'first', ndjson: Buffer.from('{"page":"/"}\n{"page":"/about"}'), count: 2 }
 * await ports.log.append(topic, block) // { from: 1n, to: 2n, duplicate: false }
 * await ports.log.append(topic, block) // { from: 1n, to: 2n, duplicate: true }
 * const { ndjson } = await ports.log.read(topic, { after: 1n, limit: 10 })
 * JSON.parse(Buffer.from(ndjson).toString()) // { page: '/about', _position: '2', _ingested_at: '…' }
 * ```
 */
export interface Log {
  /** Creates the topic, or takes up its changed columns (only added ones). Unfinished blocks of a crash are settled before it resolves. */
  open(topic: Topic): Promise<void>
  append(topic: TopicName, block: Block): Promise<Appended>
  /** Rows after a position, in order, as NDJSON lines that carry `_position` and `_ingested_at`. */
  read(topic: TopicName, options: { after: bigint; limit: number; signal?: AbortSignal }): Promise<ReadSlice>
  /** The position of the last acknowledged row; 0n for an empty topic. */
  end(topic: TopicName): Promise<bigint>
  /**
   * Rows up to this position were replaced by a later block and are gone; 0n when none were. Waits for a replacement
   * under way, so whoever reads rows between two equal answers has read none that were mixed.
   */
  replacedUpTo(topic: TopicName): Promise<bigint>
  /** Called after each acknowledged block, in order of position per topic. */
  onAppended(listener: (event: AppendedEvent) => void): { close(): void }
  group(topic: TopicName, name: string): ConsumerGroup
  remove(topic: TopicName): Promise<void>
  close(): Promise<void>
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
  readonly settings?: Readonly<Record<string, string | number>>
  /** Stops the reading; a block that was read is taken all the same. */
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

/** An empty block has `to` = `from` - 1. */
export interface Appended {
  readonly from: bigint
  readonly to: bigint
  /** The block had been taken before under this id. */
  readonly duplicate: boolean
  /** The tag the block was first taken with. */
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
  readonly last: bigint
}

export interface ConsumerGroup {
  /** The last committed position; 0n at first. */
  position(): Promise<bigint>
  /** Refuses to go back. */
  commit(position: bigint): Promise<void>
  /** Replay: sets the position to any place, also an earlier one. */
  seek(position: bigint): Promise<void>
}

/** The rows of a block do not fit the topic's columns; nothing of it was taken. */
export class BlockRejected extends Error {
  override readonly name = 'BlockRejected'
}
