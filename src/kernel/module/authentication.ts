import type { IncomingHttpHeaders } from 'node:http'
import type { Actor } from '#core/actor'

/** Tells who asks. The kernel calls it for every request and socket before anything else sees them. */
export interface Authenticator {
  /** `undefined`: nobody we know. Rejects with a `MillraceError` for a credential that is wrong or spent. */
  authenticate(credentials: Credentials): Promise<Actor | undefined>
  /**
   * Calls the listener with ids of actors whose credential was revoked, ended or changed its rights.
   * The kernel then ends their calls and sockets. No later `authenticate` may return their old rights.
   */
  onEnded?(listener: (actorIds: readonly string[]) => void): void
}

export interface Credentials {
  readonly headers: IncomingHttpHeaders
  readonly method: string
  /** True for a WebSocket handshake, whose token comes as `Sec-WebSocket-Protocol: bearer, <token>`. */
  readonly socket: boolean
  readonly remoteAddress: string
}
