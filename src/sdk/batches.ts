/** What a source hands over that the engine cannot read itself: records in batches, pulled one after the other. */

/** A batch that is larger is refused by the conformance suite; the pipeline cuts it into pieces of this size. */
export const maxBatchBytes = 8_000_000

export type BatchRecord = Readonly<Record<string, unknown>>

/**
 * `state` is JSON of the source's own: what it needs to continue behind this batch. It is stored with the load of
 * everything before it, and the next read gets it back. A source that gives states gives one with its last batch.
 */
export type Batch = (
  | { readonly rows: readonly BatchRecord[] }
  | { /** JSON records, one a line. */ readonly ndjson: Uint8Array | string }
) & { readonly state?: unknown }

export interface BatchReading {
  readonly by: 'batches'
  /** Ends by itself. The next batch is made only when it is asked for; `signal` ends the reading early. */
  readonly batches: (signal: AbortSignal) => AsyncIterable<Batch>
}

/** Rows as they come, put together into batches of at most `maxBytes` and `maxRows`. */
export async function* batchesOf(
  rows: AsyncIterable<BatchRecord> | Iterable<BatchRecord>,
  { maxBytes = maxBatchBytes / 8, maxRows = 10_000 } = {},
): AsyncGenerator<{ readonly rows: readonly BatchRecord[] }> {
  let batch: BatchRecord[] = []
  let bytes = 0
  for await (const row of rows) {
    const size = JSON.stringify(row).length * 3
    if (batch.length > 0 && (bytes + size > maxBytes || batch.length >= maxRows)) {
      yield { rows: batch }
      batch = []
      bytes = 0
    }
    batch.push(row)
    bytes += size
  }
  if (batch.length > 0) yield { rows: batch }
}

/** The lines of a batch, in pieces of at most `maxBytes` of text where single lines allow it. */
export function* linesOf(batch: Batch, maxBytes = maxBatchBytes): Generator<readonly string[]> {
  let lines: string[] = []
  let bytes = 0
  for (const line of 'rows' in batch ? jsonLines(batch.rows) : textLines(batch.ndjson)) {
    const size = Buffer.byteLength(line) + 1
    if (lines.length > 0 && bytes + size > maxBytes) {
      yield lines
      lines = []
      bytes = 0
    }
    lines.push(line)
    bytes += size
  }
  if (lines.length > 0) yield lines
}

function* jsonLines(rows: readonly BatchRecord[]): Generator<string> {
  for (const row of rows) yield JSON.stringify(row)
}

function* textLines(ndjson: Uint8Array | string): Generator<string> {
  const text = typeof ndjson === 'string' ? ndjson : new TextDecoder().decode(ndjson)
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end < 0 ? text.length : end).trim()
    if (line !== '') yield line
    at = end < 0 ? text.length : end + 1
  }
}
