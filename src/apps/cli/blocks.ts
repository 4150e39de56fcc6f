import { createHash } from 'node:crypto'

export interface RowBlock {
  readonly ndjson: Buffer
  readonly rows: number
  /** Made of what came before and of the block itself: the same input cut again gives the same keys. */
  readonly key: string
}

export interface BlockLimits {
  readonly rows: number
  readonly bytes: number
}

const NEWLINE = 10

/** Cuts NDJSON into blocks of whole lines, holding one block in memory at a time. */
export async function* rowBlocks(
  source: AsyncIterable<Buffer>,
  limits: BlockLimits,
  salt: string,
): AsyncGenerator<RowBlock> {
  let lines: Buffer[] = []
  let bytes = 0
  let chain = salt
  const take = (): RowBlock => {
    const ndjson = Buffer.concat(lines)
    chain = createHash('sha256').update(chain).update(ndjson).digest('hex')
    const block = { ndjson, rows: lines.length, key: `cli-${chain}` }
    lines = []
    bytes = 0
    return block
  }
  for await (const line of wholeLines(source, limits.bytes)) {
    if (bytes + line.length > limits.bytes && lines.length > 0) yield take()
    lines.push(line)
    bytes += line.length
    if (lines.length >= limits.rows) yield take()
  }
  if (lines.length > 0) yield take()
}

/** Lines that hold something, each with its end. */
async function* wholeLines(source: AsyncIterable<Buffer>, longest: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let number = 0
  for await (const chunk of source) {
    let from = 0
    const data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    for (let end = data.indexOf(NEWLINE, Math.max(0, rest.length)); end >= 0; end = data.indexOf(NEWLINE, from)) {
      number++
      if (!blank(data, from, end)) yield data.subarray(from, end + 1)
      from = end + 1
    }
    rest = data.subarray(from)
    if (rest.length > longest)
      throw new RangeError(
        `Line ${number + 1} is longer than ${longest.toLocaleString('en')} bytes. Is this NDJSON, one JSON object a line?`,
      )
  }
  if (!blank(rest, 0, rest.length)) yield Buffer.concat([rest, Buffer.of(NEWLINE)])
}

function blank(data: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (![32, 9, 13].includes(data[at] ?? 0)) return false
  return true
}
