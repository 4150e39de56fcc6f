import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { jsonPlace } from '#core/json-place'
import type { IncomingBody } from '../module/contract.ts'
import { kernelErrors } from '../problems/errors.ts'
import type { BodyBudget } from './body-budget.ts'
import { mayHoldUnstorableText, unstorableText } from './unstorable-text.ts'

export const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024

const decompressors: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** The body of a request, not read before somebody asks for it, and never beyond `maxBytes` (after decompression). */
export function incomingBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  budget: BodyBudget,
): IncomingBody {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > maxBytes) throw kernelErrors.tooLarge({ limit: maxBytes })
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity'
  const plain = encoding === 'identity' || encoding === ''
  const decompressor = plain ? undefined : decompressors[encoding]
  if (!plain && !decompressor)
    throw kernelErrors.unsupportedContent({
      found: `Content-Encoding: ${encoding}`,
      expected: ['gzip', 'deflate', 'br'],
    })

  let held = 0
  const reserve = (bytes: number): boolean => {
    if (!budget.take(bytes)) return false
    if (held === 0) response.once('close', () => budget.give(held))
    held += bytes
    return true
  }

  let opened: Readable | undefined
  const source = (): Readable => {
    if (request.headers.expect === '100-continue' && !response.headersSent) response.writeContinue()
    if (!decompressor) return request
    return Readable.from(inflated(request, decompressor()), { objectMode: false })
  }
  return {
    contentType: request.headers['content-type'] ?? '',
    get stream() {
      opened ??= pipeline(source(), bounded(maxBytes), () => {}) as Transform
      return opened
    },
    bytes: () => collect(opened ?? source(), maxBytes, reserve),
  }
}

async function* inflated(request: IncomingMessage, inflating: Transform): AsyncGenerator<Buffer> {
  pipeline(request, inflating, () => {})
  try {
    yield* inflating
  } catch (error) {
    throw kernelErrors.malformedRequest(
      { reason: `The body could not be decompressed: ${(error as Error).message}.` },
      { cause: error },
    )
  }
}

function bounded(maxBytes: number): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length
      if (seen > maxBytes) done(kernelErrors.tooLarge({ limit: maxBytes }))
      else done(null, chunk)
    },
  })
}

function collect(stream: Readable, maxBytes: number, reserve: (bytes: number) => boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = () => stream.off('data', take).off('end', finish).off('error', fail).off('close', cut)
    const refuse = (error: Error) => {
      settle()
      // What still comes is thrown away; a failure of it after this is of no interest.
      stream.on('error', () => {})
      stream.pause()
      reject(error)
    }
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) return refuse(kernelErrors.tooLarge({ limit: maxBytes }))
      if (!reserve(chunk.length)) return refuse(kernelErrors.busy({}))
      chunks.push(chunk)
    }
    const finish = () => {
      settle()
      const [first] = chunks
      resolve(first && chunks.length === 1 ? first : Buffer.concat(chunks, size))
    }
    const fail = (error: Error) => {
      settle()
      reject(
        'kind' in error
          ? error
          : kernelErrors.malformedRequest(
              { reason: `The body could not be read: ${error.message}.` },
              { cause: error },
            ),
      )
    }
    const cut = () => {
      settle()
      reject(kernelErrors.malformedRequest({ reason: 'The connection closed before the whole body had come.' }))
    }
    if (stream.destroyed && !stream.readableEnded) cut()
    else stream.on('data', take).on('end', finish).on('error', fail).on('close', cut)
  })
}

export function isJson(contentType: string): boolean {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return type === '' || type === 'application/json' || type === 'text/json' || type.endsWith('+json')
}

/** An empty body is `undefined`, so that a schema can say that it may be left out. */
export async function readJson(body: IncomingBody, parse: (text: string) => unknown): Promise<unknown> {
  const bytes = await body.bytes()
  if (bytes.length === 0) return undefined
  if (!isJson(body.contentType))
    throw kernelErrors.unsupportedContent({ found: body.contentType, expected: ['application/json'] })
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw kernelErrors.malformedRequest({ reason: 'The body is not valid UTF-8.' })
  }
  let value: unknown
  try {
    value = parse(text)
  } catch {
    throw kernelErrors.malformedJson(jsonPlace(text))
  }
  const problems = mayHoldUnstorableText(text) ? unstorableText(value, '') : []
  if (problems.length > 0) throw kernelErrors.invalidRequest({ count: problems.length }, { problems })
  return value
}

const LINGER_MS = 10_000

/**
 * After an answer that came before the body was read: takes the rest and throws it away for a
 * while, because a client that is still sending would otherwise see a broken pipe, not the answer.
 */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
  request.resume()
}
