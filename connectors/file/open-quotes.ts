/**
 * CSV files that end inside quotes: the engine takes the rest of such a file for one value, without a word. The end of
 * a file shows it, except where the end could lie whole inside the value; the reading then looks for that value.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileErrors } from './errors.ts'
import { isCompressed } from './formats.ts'

const windows = [8 * 1024, 256 * 1024, 8 * 1024 * 1024]
/** Less than half of the first window: each character of a value takes at most two in the file. */
const digestedBytes = 1024
const filesAtOnce = 64

export type FileEnd =
  | { readonly state: 'closed' }
  /** `line` has the quote. */
  | { readonly state: 'open'; readonly line: number }
  /** No value of the last column ends so, unless the file ends inside it. */
  | { readonly state: 'unknown'; readonly endOfValue: string }

export async function endOfFile(path: string, delimiter: string): Promise<FileEnd> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    for (const window of windows) {
      const start = Math.max(0, size - window)
      const { buffer } = await handle.read(Buffer.alloc(size - start), 0, size - start, start)
      const found = endOf(buffer, delimiter, start === 0)
      if (found.state === 'open') return { state: 'open', line: await lineAt(path, start + found.at) }
      if (found.state === 'inside') return { state: 'unknown', endOfValue: digestOf(found.value) }
      if (found.state === 'closed') return { state: 'closed' }
    }
    return { state: 'closed' }
  } finally {
    await handle.close()
  }
}

/** The ends of values that a file which ends inside one of them would have. Throws for a file that is known to do so. */
export async function endsOfOpenValues(
  files: readonly { readonly path: string; readonly shown: string }[],
  delimiter: string,
): Promise<readonly string[]> {
  const ends: string[] = []
  for (let first = 0; first < files.length; first += filesAtOnce) {
    const some = files.slice(first, first + filesAtOnce).filter(({ path }) => !isCompressed(path))
    const found = await Promise.all(some.map(({ path }) => endOfFile(path, delimiter)))
    for (const [index, end] of found.entries()) {
      if (end.state === 'open') throw fileErrors.quote({ path: some[index]?.shown ?? '', at: `line ${end.line}` })
      if (end.state === 'unknown') ends.push(end.endOfValue)
    }
  }
  return ends
}

/** Engine SQL: whether the value of the last column is one of those whose end is known by its digest. */
export function endsAsFileSql(cell: string, ends: readonly string[]): string {
  const digest = `hex(MD5(substring(${cell}, -${digestedBytes})))`
  const known = ends.map((end) => `'${end}'`).join(', ')
  return `ifNull(length(${cell}) >= ${digestedBytes} AND ${digest} IN (${known}), 0)`
}

function digestOf(value: Buffer): string {
  return createHash('md5').update(value.subarray(-digestedBytes)).digest('hex').toUpperCase()
}

type TailEnd =
  | { readonly state: 'closed' | 'ambiguous' }
  | { readonly state: 'open'; readonly at: number }
  | { readonly state: 'inside'; readonly value: Buffer }

/** Reads the end of a file twice, as if it began outside and inside quotes, and drops a reading that breaks the rules of CSV. */
export function endOf(bytes: Buffer, delimiter: string, isWhole: boolean): TailEnd {
  const separator = delimiter.charCodeAt(0)
  if (isWhole) return outcome(scan(bytes, 0, { separator, inside: false }))
  // A place at which a value begins, unless it is inside quotes.
  const start = bytes.indexOf(lineFeed) + 1
  if (start === 0 || start === bytes.length) return { state: 'ambiguous' }
  const outside = scan(bytes, start, { separator, inside: false })
  const inside = scan(bytes, start, { separator, inside: true })
  if (inside === 'broken') return outcome(outside)
  if (outside === 'broken') return outcome(inside)
  if (outside === 'closed' && inside === 'closed') return { state: 'closed' }
  if (outside === 'closed' && inside === -1)
    return { state: 'inside', value: Buffer.from(bytes.toString('latin1', start).replaceAll('""', '"'), 'latin1') }
  return { state: 'ambiguous' }
}

function outcome(end: ScanEnd): TailEnd {
  if (end === -1) return { state: 'ambiguous' }
  return typeof end === 'number' ? { state: 'open', at: end } : { state: 'closed' }
}

/** Where the quote is that is not closed, -1 for one before the bytes. */
type ScanEnd = 'closed' | 'broken' | number

const [quote, lineFeed, carriageReturn, space, tab] = [0x22, 0x0a, 0x0d, 0x20, 0x09]

function scan(bytes: Buffer, start: number, from: { separator: number; inside: boolean }): ScanEnd {
  const { separator } = from
  const isEnd = (byte: number | undefined): boolean =>
    byte === undefined || byte === separator || byte === lineFeed || byte === carriageReturn
  let at = start
  let opened = from.inside ? -1 : undefined
  while (at < bytes.length) {
    if (opened === undefined) {
      while (bytes[at] === space || bytes[at] === tab) at += 1
      if (bytes[at] !== quote) {
        while (!isEnd(bytes[at])) at += 1
        at += 1
        continue
      }
      opened = at
      at += 1
    }
    const closing = bytes.indexOf(quote, at)
    if (closing === -1) return opened
    at = closing + 1
    if (bytes[at] === quote) {
      at += 1
      if (at === bytes.length) return opened
      continue
    }
    opened = undefined
    while (bytes[at] === space || bytes[at] === tab) at += 1
    if (!isEnd(bytes[at])) return 'broken'
    at += 1
  }
  return opened ?? 'closed'
}

async function lineAt(path: string, offset: number): Promise<number> {
  let line = 1
  if (offset === 0) return line
  for await (const chunk of createReadStream(path, { end: offset - 1 }) as AsyncIterable<Buffer>)
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, at + 1)) line += 1
  return line
}
