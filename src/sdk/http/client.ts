/**
 * The way of connectors to HTTP servers: authentication, retry, rate limit, bounded and decompressed bodies, redirects
 * through the egress guard. Secrets go to the origin of `baseUrl` and to no other.
 *
 * ```ts
 * async function orders(around: Surroundings, token: string): Promise<unknown> {
 *   const client = httpClient(around, { baseUrl: 'https://shop.example/api/', auth: { type: 'bearer', token } })
 *   const page = await client.read({ url: 'orders?page=1' })
 *   return page.json()
 * }
 * ```
 */
import type { Surroundings } from '../surroundings.ts'
import { authorised } from './auth.ts'
import type { HttpAuth } from './auth.ts'
import { boundedBody } from './body.ts'
import { httpFailures, networkFailures } from './errors.ts'
import { follow, networkFailure, shownUrl, withoutSecrets } from './follow.ts'
import { idleTimeout } from './idle-timeout.ts'
import { parseBody } from './json-path.ts'
import { processRateLimit } from './rate-limit.ts'
import { retryDefaults, retryTime, withRetry } from './retry.ts'
import type { RetryOptions } from './retry.ts'

export interface HttpOptions {
  readonly baseUrl: string
  readonly auth?: HttpAuth | undefined
  /** May hold secrets. */
  readonly headers?: Readonly<Record<string, string>>
  /** Until the headers, and then between one chunk of the body and the next. */
  readonly timeoutMs?: number
  readonly maxBytes?: number
  /** At most so many requests, together with all others to this server with this authentication. */
  readonly perSecond?: number
  readonly retry?: Partial<RetryOptions>
}

export interface ClientRequest {
  /** From `baseUrl` on. */
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal?: AbortSignal
}

export interface HttpHead {
  readonly status: number
  /** Where the redirects led. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface HttpStream extends HttpHead {
  readonly body: AsyncIterable<Uint8Array>
}

export interface HttpPage extends HttpHead {
  readonly bytes: Uint8Array
  text(): string
  /** Numbers keep their digits. */
  json(): unknown
}

export interface HttpClient {
  /** The answer with its body as it comes. A failure before the body is retried. Rejects for a status of 400 or more. */
  stream(request: ClientRequest): Promise<HttpStream>
  /** The whole answer; a failure within the body is retried too. */
  read(request: ClientRequest): Promise<HttpPage>
}

export function httpClient(around: Pick<Surroundings, 'network' | 'signal'>, options: HttpOptions): HttpClient {
  const { timeoutMs = 30_000, maxBytes = 100_000_000, perSecond } = options
  const retry = { ...retryDefaults, ...options.retry }
  const base = new URL(options.baseUrl)

  async function once(request: ClientRequest): Promise<HttpStream> {
    const caller = request.signal ?? around.signal
    if (perSecond !== undefined)
      await processRateLimit(base.origin + JSON.stringify(options.auth ?? ''), perSecond, caller)
    const timeout = idleTimeout(timeoutMs)
    const signal = AbortSignal.any([timeout.signal, caller])
    const url = new URL(request.url, base)
    const explain = (error: unknown): unknown =>
      timeout.signal.aborted && !caller.aborted
        ? networkFailures.slow({ url: shownUrl(url.href), seconds: timeoutMs / 1000 })
        : networkFailure(error, url.href, signal)
    try {
      const answer = await timeout.during(() => follow(around.network, { ...hopOf(url, request), signal }))
      if (answer.status < 200 || answer.status > 299) {
        answer.close()
        const now = Date.now()
        const retryAt = retryTime(answer.headers['retry-after'], now)
        const parameters = { url: shownUrl(url.href), status: answer.status }
        if (retryAt === undefined) throw httpFailures.status(parameters)
        const waitSeconds = Math.max(0, Math.ceil((Date.parse(retryAt) - now) / 1000))
        const remedy = `Try again after ${retryAt}, or ask the server less often.`
        throw httpFailures.status({ ...parameters, waitSeconds }, { retryAt, remedy })
      }
      const body = boundedBody(answer, { url: shownUrl(url.href), maxBytes })
      return { ...answer, body: explained(timeout.perChunk(body), explain) }
    } catch (error) {
      throw explain(error)
    }
  }

  function hopOf(url: URL, { method = 'GET', headers = {}, body }: ClientRequest) {
    const all = lowered({
      'user-agent': 'millrace',
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate, br',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
      ...headers,
    })
    const own = url.origin === base.origin
    const proof = own && options.auth !== undefined ? authorised(url, options.auth) : { url, headers: {} }
    const sent = { ...(own ? all : withoutSecrets(all)), ...proof.headers }
    return { url: proof.url.href, method, headers: sent, ...(body === undefined ? {} : { body }) }
  }

  return {
    stream: (request) => withRetry(() => once(request), retry, request.signal ?? around.signal),
    read: (request) =>
      withRetry(
        async () => {
          const { body, ...head } = await once(request)
          const chunks: Uint8Array[] = []
          for await (const chunk of body) chunks.push(chunk)
          return pageOf(head, Buffer.concat(chunks))
        },
        retry,
        request.signal ?? around.signal,
      ),
  }
}

function pageOf(head: HttpHead, bytes: Uint8Array): HttpPage {
  const text = () => new TextDecoder().decode(bytes)
  return { ...head, bytes, text, json: () => parseBody(text(), shownUrl(head.url)) }
}

async function* explained(
  body: AsyncIterable<Uint8Array>,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw explain(error)
  }
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
