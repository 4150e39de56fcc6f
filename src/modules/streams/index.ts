import { face } from '#kernel/module'
import type { Reader } from '#modules/datasets'
import type { ConsumerGroup, Position, ReadOptions, ReadSlice } from '#ports/log'

export const streams = face<Streams>('streams')

/**
 * Events in, in order, and out again. A stream is the `events` dataset of the same name.
 *
 * ```ts
 * const ndjson = Buffer.from('{"page":"/","ms":12.5}\n{"page":"/about","ms":40}')
 * await needs.streams.ingest('default', 'visits', { ndjson, idempotencyKey: 'first' })
 * // { accepted: 2, rejected: 0, position: '…', problems: [] }
 * await needs.streams.end('default', 'visits') // '2'
 * const reader = await needs.datasets.readerOf(actor)
 * const after = ports.log.positions.decode('1')
 * await needs.streams.read(reader, 'visits', { after, limit: 10 }) // { count: 1, last: '2', … }
 * ```
 */
export interface Streams {
  /** Checks the rows against the dataset's contract; good ones are durable when it resolves, the others quarantined. */
  ingest(workspace: string, stream: string, events: IncomingEvents): Promise<Ingested>
  /** Events that the reader may see; `last` also passes the others. */
  read(reader: Reader, stream: string, options: Omit<ReadOptions, 'from'>): Promise<ReadSlice>
  end(workspace: string, stream: string): Promise<Position>
  group(workspace: string, stream: string, name: string): ConsumerGroup
}

export interface IncomingEvents {
  /** One JSON object a line. */
  readonly ndjson: Uint8Array
  /** Lines that are rejected whatever the contract says, by their number, and why. */
  readonly faults?: ReadonlyMap<number, string>
  readonly idempotencyKey?: string
}

export interface Ingested {
  readonly accepted: number
  readonly rejected: number
  /** Opaque; feed it to `after`. */
  readonly position: Position
  /** The first few reasons. */
  readonly problems: readonly { at: string; code: string; message: string }[]
}
