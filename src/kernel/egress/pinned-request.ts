import { request as plainRequest } from 'node:http'
import type { Agent, IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'

export interface PinnedRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal: AbortSignal
  /** Keeps the connection for the next request; it must be used for one address only. */
  readonly agent?: Agent
}

/** Sends to the address that egress checked, under the name of the URL. Follows no redirect. */
export function pinnedRequest(
  url: URL,
  address: string,
  { method, headers, body, signal, agent }: PinnedRequest,
): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_host, options, done) => {
    const family = isIP(address)
    if (options.all === true) done(null, [{ address, family }])
    else done(null, address, family)
  }
  return new Promise((resolve, reject) => {
    const make = url.protocol === 'https:' ? secureRequest : plainRequest
    const sent = make(url, { method, headers, signal, lookup: pinned, agent: agent ?? false }, resolve)
    sent.on('error', reject)
    sent.end(body)
  })
}
