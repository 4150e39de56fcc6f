/** Moves the rows of a part to a destination that takes batches. */
import { jsonLinesSettings, jsonLinesSql, maxBatchBytes, parseJson } from '#sdk'
import type { Batch, BatchRecord, BatchWriter, Engine, Loaded, Part } from '#sdk'

export async function loadBatches(
  writer: BatchWriter,
  { id, select, settings }: Part,
  engine: Engine,
): Promise<Loaded> {
  const lines = await engine.stream(jsonLinesSql(select, writer.columns), 'LineAsString', {
    ...settings,
    ...jsonLinesSettings,
  })
  for await (const ndjson of wholeLines(lines, maxBatchBytes / 4)) await writer.write(batchOf(ndjson, writer.takes))
  return await writer.commit({ id })
}

function batchOf(ndjson: Uint8Array, takes: BatchWriter['takes']): Batch {
  if (takes === 'ndjson') return { ndjson }
  const lines = new TextDecoder().decode(ndjson).split('\n')
  return { rows: lines.filter((line) => line !== '').map((line) => parseJson(line) as BatchRecord) }
}

/** Pieces that end with a line, each of at most about `bytes` and a line more. */
export async function* wholeLines(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    let from = 0
    while (from < chunk.length) {
      const end = chunk.indexOf(10, from + Math.max(0, bytes - size - 1))
      const to = end < 0 ? chunk.length : end + 1
      held.push(chunk.subarray(from, to))
      size += to - from
      from = to
      if (end < 0) continue
      yield Buffer.concat(held)
      held = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(held)
}
