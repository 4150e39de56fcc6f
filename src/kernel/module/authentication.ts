import type { IncomingHttpHeaders } from 'node:http'
import type { Actor } from '#core/actor'

/** Tells who asks. The kernel calls it for every request and socket before anything else sees them. */
export interface Authenticator {
  /** `undefined`: nobody we know. Rejects with a `MillraceError` for a credential that is wrong or spent. */
  authenticate(credentials: Credentials): Promise<Actor | undefined>
}

export interface Credentials {
  readonly headers: IncomingHttpHeaders
  readonly method: string
  /** True for a WebSocket handshake, whose token comes as `Sec-WebSocket-Protocol: bearer, <token>`. */
  readonly socket: boolean
  readonly remoteAddress: string
}
