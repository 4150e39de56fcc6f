import type { IncomingHttpHeaders } from 'node:http'
import type { Actor } from '#core/actor'
import type { Credentials } from '#kernel/authentication'
import type { SessionCookie } from './cookie.ts'
import type { CredentialCache } from './credential-cache.ts'
import { identityErrors } from './errors.ts'
import { requireOwnReader, requireSamePage } from './same-page.ts'
import { csrfOf, digest, sameSecret } from './secrets.ts'
import { sessionActor } from './sessions.ts'
import type { Sessions } from './sessions.ts'
import { tokenActor } from './tokens.ts'
import type { Tokens } from './tokens.ts'
import type { WrongGuesses } from './wrong-guesses.ts'

export interface Doorkeeping {
  readonly cookie: SessionCookie
  readonly tokens: Tokens
  readonly sessions: Sessions
  readonly cache: CredentialCache<Actor>
  readonly guesses: WrongGuesses
}

/** A token counts before a cookie. A cookie only counts for our own page, and for changes only with its guard. */
export async function authenticate(door: Doorkeeping, credentials: Credentials): Promise<Actor | undefined> {
  const token = bearerOf(credentials)
  if (token !== undefined) {
    const actor = await known(door, token, credentials.remoteAddress, async () => {
      const row = await door.tokens.findByDigest(digest(token))
      return row === undefined ? undefined : tokenActor(row)
    })
    if (actor === undefined) throw identityErrors.wrongToken({})
    return actor
  }
  const secret = door.cookie.read(credentials.headers)
  if (secret === undefined || secret === '') return undefined
  const actor = await known(door, secret, credentials.remoteAddress, async () => {
    const row = await door.sessions.find(secret)
    return row === undefined ? undefined : sessionActor(row)
  })
  if (actor === undefined) return undefined
  if (credentials.socket) requireSamePage(credentials.headers)
  else if (harmless.has(credentials.method)) requireOwnReader(credentials.headers)
  else requireGuard(credentials.headers, secret)
  return actor
}

const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

function requireGuard(headers: IncomingHttpHeaders, secret: string): void {
  requireSamePage(headers)
  const given = headers['x-millrace-csrf']
  if (typeof given !== 'string' || !sameSecret(given, csrfOf(secret))) throw identityErrors.noGuard({})
}

async function known(
  door: Doorkeeping,
  secret: string,
  address: string,
  ask: () => Promise<Actor | undefined>,
): Promise<Actor | undefined> {
  const hash = digest(secret)
  if (!door.cache.has(hash)) door.guesses.check(address)
  const actor = await door.cache.get(hash, ask)
  if (actor === undefined) door.guesses.count(address)
  return actor
}

/** `Authorization: Bearer <token>`, or for sockets `Sec-WebSocket-Protocol: bearer, <token>`, since browsers can set no other header there. */
function bearerOf({ headers, socket }: Credentials): string | undefined {
  const [scheme, token] = (headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() === 'bearer' && token !== undefined && token !== '') return token
  if (headers.authorization !== undefined) throw identityErrors.wrongToken({})
  if (!socket) return undefined
  const [protocol, offered] = (headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim())
  return protocol?.toLowerCase() === 'bearer' && offered !== undefined && offered !== '' ? offered : undefined
}
