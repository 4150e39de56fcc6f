/** Requests to the outside: only where egress allows, pinned to the address that was checked, bounded in time and size. */
import type { IncomingMessage } from 'node:http'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Readable } from 'node:stream'
import type { HttpAnswer, HttpRequest } from '#sdk'
import { isMillraceError } from '#core/errors'
import type { Egress } from '#kernel/egress'
import { pinnedRequest } from '#kernel/pinned-request'
import { connectorErrors } from './errors.ts'

const maxRedirects = 5

export async function httpRequest(egress: Egress, request: HttpRequest): Promise<HttpAnswer> {
  const timeout = AbortSignal.timeout(request.timeoutMs)
  const signal = AbortSignal.any([timeout, request.signal])
  let url = request.url
  let { method = 'GET', body } = request
  let headers: Record<string, string> = {
    'user-agent': 'millrace',
    'accept-encoding': 'gzip, deflate, br',
    ...lowered(request.headers ?? {}),
  }
  try {
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const here = new URL(url)
      if (here.protocol !== 'http:' && here.protocol !== 'https:')
        throw connectorErrors.unreachable({ url: shown(url), because: 'only http and https are spoken' })
      const address = await egress.address(here.hostname)
      const response = await pinnedRequest(here, address, { method, headers, body, signal })
      const location = response.headers.location
      if (location === undefined || ![301, 302, 303, 307, 308].includes(response.statusCode ?? 0)) {
        return await answerOf(response, url, request.maxBytes)
      }
      response.destroy()
      const next = new URL(location, url)
      if (next.origin !== here.origin) headers = withoutCredentials(headers)
      if (
        response.statusCode === 303 ||
        (method === 'POST' && (response.statusCode === 301 || response.statusCode === 302))
      ) {
        method = 'GET'
        body = undefined
      }
      url = next.href
    }
    throw connectorErrors.redirects({ url: shown(request.url) })
  } catch (error) {
    if (isMillraceError(error)) throw error
    if (timeout.aborted) throw connectorErrors.slow({ url: shown(url), seconds: request.timeoutMs / 1000 })
    if (request.signal.aborted) throw request.signal.reason
    throw connectorErrors.unreachable({ url: shown(url), because: reason(error) })
  }
}

async function answerOf(response: IncomingMessage, url: string, maxBytes: number): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  const tooLarge = connectorErrors.large({ url: shown(url), max: maxBytes })
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy()
    throw tooLarge
  }
  const body = decoded(response)
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) {
      response.destroy()
      throw tooLarge
    }
    chunks.push(chunk)
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  return { status: response.statusCode ?? 0, url, headers, body: Buffer.concat(chunks) }
}

function decoded(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']
  const decoder =
    encoding === 'gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : encoding === 'deflate'
          ? createInflate()
          : undefined
  if (decoder === undefined) return response
  response.on('error', (error) => decoder.destroy(error))
  return response.pipe(decoder)
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** A redirect to another server takes only harmless headers along. */
function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  const harmless = new Set(['accept', 'accept-encoding', 'accept-language', 'user-agent', 'content-type'])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.has(name)))
}

/** Without what may be secret: credentials and the query. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

function reason(error: unknown): string {
  const code = (error as { code?: unknown }).code
  if (code === 'ECONNREFUSED') return 'the connection is refused'
  if (code === 'ECONNRESET') return 'the connection broke'
  return error instanceof Error && error.message !== '' ? error.message : String(code ?? error)
}
