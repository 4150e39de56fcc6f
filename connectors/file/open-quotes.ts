/**
 * CSV files that end inside quotes: the engine takes the rest of such a file for one value, without a word. So the
 * quotes of a file are followed from its first byte to its last before it is read, except where its end proves that
 * they are closed.
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FileHandle } from 'node:fs/promises'
import { fileErrors } from './errors.ts'
import { isCompressed } from './formats.ts'

const tailBytes = 16 * 1024
const chunkBytes = 256 * 1024
const filesAtOnce = 8

export interface CsvFile {
  readonly path: string
  /** As people know it. */
  readonly shown: string
}

interface Following {
  readonly delimiter: string
  readonly signal: AbortSignal
  /** Compressed files are not read then: nothing in them can be known without all that is before it. */
  readonly isSample: boolean
}

/** Throws for the first file that ends inside quotes, with the line of the quote. Of compressed files only gzip is read. */
export async function refuseOpenQuotes(
  files: readonly CsvFile[],
  { delimiter, signal, isSample }: Following,
): Promise<void> {
  const separator = delimiter.charCodeAt(0)
  for (let first = 0; first < files.length; first += filesAtOnce)
    await Promise.all(
      files
        .slice(first, first + filesAtOnce)
        .filter(({ path }) => !isCompressed(path) || (isGzip(path) && !isSample))
        .map((file) => refuseOpenQuote(file, separator, signal)),
    )
}

async function refuseOpenQuote({ path, shown }: CsvFile, separator: number, signal: AbortSignal): Promise<void> {
  try {
    const follow = isGzip(path) ? openQuoteOfGzip : openQuoteOf
    const quote = await follow(path, separator, signal)
    if (quote !== undefined) throw fileErrors.quote({ path: shown, at: `line ${await lineAt(path, quote)}` })
  } catch (error) {
    const code = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined
    if (code === undefined) throw error
    throw code === 'ENOENT'
      ? fileErrors.vanished({ path: shown })
      : fileErrors.unreadable({ path: shown, because: `the system answers ${code}.` })
  }
}

async function openQuoteOf(path: string, separator: number, signal: AbortSignal): Promise<number | undefined> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    if (size > tailBytes && isClosed(await bytesAt(handle, size - tailBytes), separator)) return undefined
    const reader = quoteReader(separator)
    const buffer = Buffer.allocUnsafe(chunkBytes)
    let position = 0
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position)
      if (bytesRead === 0) return reader.opened()
      reader.take(buffer.subarray(0, bytesRead))
      position += bytesRead
    }
  } finally {
    await handle.close()
  }
}

/** Undefined also where the file is no whole gzip, which the engine reports. */
async function openQuoteOfGzip(path: string, separator: number, signal: AbortSignal): Promise<number | undefined> {
  const reader = quoteReader(separator)
  try {
    for await (const chunk of gunzipped(path)) {
      signal.throwIfAborted()
      reader.take(chunk)
    }
    return reader.opened()
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) return undefined
    throw error
  }
}

/** The engine, too, tells the compression from the name. */
const isGzip = (path: string): boolean => /\.gz$/i.test(path)

/** Ends both streams when the reading stops early. */
function gunzipped(path: string): AsyncIterable<Buffer> {
  return pipeline(
    createReadStream(path, { highWaterMark: chunkBytes }),
    createGunzip({ chunkSize: chunkBytes }),
    () => undefined,
  )
}

async function bytesAt(handle: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(tailBytes), 0, tailBytes, position)
  return buffer.subarray(0, bytesRead)
}

const [quote, lineFeed, carriageReturn, space, tab] = [0x22, 0x0a, 0x0d, 0x20, 0x09]
const byteOrderMark = Buffer.from('\uFEFF')
const isBlank = (byte: number | undefined): boolean => byte === space || byte === tab

/**
 * Whether the end of a file proves that its quotes are closed: its first row cannot lie inside quotes, because text
 * follows the quote that would close them, and the rows from there on have no open quote.
 */
export function isClosed(tail: Buffer, separator: number): boolean {
  const start = tail.indexOf(lineFeed) + 1
  if (start === 0) return false
  let at = tail.indexOf(quote, start)
  while (at !== -1 && tail[at + 1] === quote) at = tail.indexOf(quote, at + 2)
  if (at === -1) return false
  do at += 1
  while (isBlank(tail[at]))
  if ([undefined, separator, lineFeed, carriageReturn].includes(tail[at])) return false
  const reader = quoteReader(separator)
  reader.take(tail.subarray(start))
  return reader.opened() === undefined
}

export interface QuoteReader {
  /** The bytes that follow those before. */
  take(bytes: Buffer): void
  /** The position of the quote that is not closed so far. */
  opened(): number | undefined
}

/**
 * Follows the quotes of CSV by the engine's rules: a quote opens a value only where the value begins, with or without
 * blanks before it, and a quote directly behind one that closed a value belongs to the value.
 */
export function quoteReader(separator: number): QuoteReader {
  let position = 0
  let opened = -1
  let openedBefore = -1
  let closed = -2
  /** The last byte that is no blank. */
  let previous = lineFeed
  const previousIn = (bytes: Buffer, end: number): number => {
    let at = end - 1
    while (at >= 0 && isBlank(bytes[at])) at -= 1
    return bytes[at] ?? previous
  }
  const take = (chunk: Buffer): void => {
    const marked = position === 0 && chunk.subarray(0, byteOrderMark.length).equals(byteOrderMark)
    const bytes = marked ? chunk.subarray(byteOrderMark.length) : chunk
    if (marked) position = byteOrderMark.length
    for (let at = nextQuote(bytes, 0); at !== -1; at = nextQuote(bytes, at + 1)) {
      const here = position + at
      if (opened !== -1) {
        openedBefore = opened
        opened = -1
        closed = here
      } else if (here === closed + 1) opened = openedBefore
      else {
        const before = previousIn(bytes, at)
        if (before === separator || before === lineFeed) opened = here
      }
    }
    previous = previousIn(bytes, bytes.length)
    position += bytes.length
  }
  return { take, opened: () => (opened === -1 ? undefined : opened) }
}

/** The position of the quote that is not closed in a text of CSV. */
export function openQuote(text: Buffer, delimiter: string): number | undefined {
  const reader = quoteReader(delimiter.charCodeAt(0))
  reader.take(text)
  return reader.opened()
}

/** Values are short, so that a loop finds most quotes sooner than a call of `indexOf`. */
function nextQuote(bytes: Buffer, from: number): number {
  const near = Math.min(from + 64, bytes.length)
  for (let at = from; at < near; at += 1) if (bytes[at] === quote) return at
  return near === bytes.length ? -1 : bytes.indexOf(quote, near)
}

async function lineAt(path: string, offset: number): Promise<number> {
  let line = 1
  let left = offset
  if (left === 0) return line
  const bytes: AsyncIterable<Buffer> = isGzip(path) ? gunzipped(path) : createReadStream(path, { end: offset - 1 })
  for await (const chunk of bytes) {
    const before = chunk.subarray(0, left)
    for (let at = before.indexOf(lineFeed); at !== -1; at = before.indexOf(lineFeed, at + 1)) line += 1
    left -= before.length
    if (left === 0) break
  }
  return line
}
