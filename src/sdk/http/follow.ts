/** One request to where its redirects lead. Each hop passes the egress guard, and secrets stay with their server. */
import { isMillraceError } from '#core/errors'
import type { HttpHop, HttpHopAnswer, Network } from '../surroundings.ts'
import { networkFailures } from './errors.ts'

const maxRedirects = 5
const harmless = new Set(['accept', 'accept-encoding', 'accept-language', 'user-agent', 'content-type'])

export interface Followed extends HttpHopAnswer {
  readonly url: string
}

export async function follow(network: Pick<Network, 'send'>, first: HttpHop): Promise<Followed> {
  let hop = first
  for (let count = 0; count <= maxRedirects; count += 1) {
    const here = new URL(hop.url)
    if (here.protocol !== 'http:' && here.protocol !== 'https:')
      throw networkFailures.unreachable({ url: shownUrl(hop.url), because: 'the protocol must be http or https' })
    const answer = await sent(network, hop)
    const { location } = answer.headers
    if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.status)) return { ...answer, url: hop.url }
    answer.close()
    hop = redirected(hop, answer.status, location)
  }
  throw networkFailures.redirects({ url: shownUrl(first.url) })
}

function redirected(hop: HttpHop, status: number, location: string): HttpHop {
  const url = parsed(location, hop.url)
  const asGet = status === 303 || (hop.method === 'POST' && (status === 301 || status === 302))
  const sameOrigin = url.origin === new URL(hop.url).origin
  const { body, ...withoutBody } = hop
  if (!asGet && !sameOrigin && body !== undefined)
    throw networkFailures.body_redirect({ url: shownUrl(hop.url), target: url.origin })
  return {
    ...(asGet ? { ...withoutBody, method: 'GET' } : hop),
    url: url.href,
    headers: sameOrigin ? hop.headers : withoutSecrets(hop.headers),
  }
}

function parsed(location: string, base: string): URL {
  try {
    return new URL(location, base)
  } catch {
    throw networkFailures.unreachable({ url: shownUrl(base), because: 'the target of its redirect is not a valid URL' })
  }
}

/** What goes to another server than the secrets are for. */
export function withoutSecrets(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.has(name)))
}

async function sent(network: Pick<Network, 'send'>, hop: HttpHop): Promise<HttpHopAnswer> {
  try {
    return await network.send(hop)
  } catch (error) {
    throw networkFailure(error, hop.url, hop.signal)
  }
}

export function networkFailure(error: unknown, url: string, signal: AbortSignal): unknown {
  if (isMillraceError(error)) return error
  return signal.aborted ? signal.reason : networkFailures.unreachable({ url: shownUrl(url), because: reason(error) })
}

/** Without what may be secret: credentials and the query. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

function reason(error: unknown): string {
  const code = (error as { code?: unknown }).code
  if (code === 'ECONNREFUSED') return 'the connection is refused'
  if (code === 'ECONNRESET') return 'the connection broke'
  return error instanceof Error && error.message !== '' ? error.message : String(code ?? error)
}
