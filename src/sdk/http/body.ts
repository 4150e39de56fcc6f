/** The body of an answer: decompressed while it comes, and never more of it than was allowed. */
import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { HttpHopAnswer } from '../surroundings.ts'
import { networkFailures } from './errors.ts'

/** `url` is for the failure. The bound holds for what was sent and for what it decompresses to. */
export function boundedBody(
  answer: Pick<HttpHopAnswer, 'body' | 'headers' | 'close'>,
  { url, maxBytes }: { readonly url: string; readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  const tooLarge = () => networkFailures.large({ url, max: maxBytes })
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) {
    answer.close()
    throw tooLarge()
  }
  return bounded(decompressed(answer.body, answer.headers['content-encoding']), maxBytes, tooLarge)
}

async function* bounded(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => Error,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of body) {
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
