/** The body of an answer: decompressed while it comes, and never more of it than was allowed. */
import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { networkFailures } from './errors.ts'

/** `url` is for the failure. The bound holds for what was sent and for what it decompresses to. */
export async function* boundedBody(
  { body, headers }: { readonly body: AsyncIterable<Uint8Array>; readonly headers: Readonly<Record<string, string>> },
  { url, maxBytes }: { readonly url: string; readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  const tooLarge = () => networkFailures.large({ url, max: maxBytes })
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  let size = 0
  for await (const chunk of decompressed(body, headers['content-encoding'])) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge()
    yield chunk
  }
}

function decompressed(body: AsyncIterable<Uint8Array>, encoding: string | undefined): AsyncIterable<Uint8Array> {
  const make = { gzip: createGunzip, 'x-gzip': createGunzip, br: createBrotliDecompress, deflate: createInflate }[
    encoding?.trim().toLowerCase() ?? ''
  ]
  if (make === undefined) return body
  const source = Readable.from(body, { objectMode: false })
  const decoder = make()
  source.on('error', (error) => decoder.destroy(error))
  decoder.on('close', () => source.destroy())
  return source.pipe(decoder)
}
