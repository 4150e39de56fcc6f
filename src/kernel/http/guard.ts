import type { IncomingHttpHeaders } from 'node:http'
import { may, type Actor } from '#core/actor'
import type { Authenticator } from '../module/authentication.ts'
import { kernelErrors } from '../problems/errors.ts'

export interface Guard {
  /** Who asks, once it is known that they may. */
  admit(asked: Asked): Promise<Actor>
}

export interface Asked {
  readonly headers: IncomingHttpHeaders
  readonly method: string
  readonly socket: boolean
  readonly remoteAddress: string
  readonly permission: string
}

/** Nobody in no workspace: sees no row of anything. */
const anonymous: Actor = { kind: 'session', id: 'anonymous', name: 'anonymous', workspace: '', permissions: new Set() }

export function guard(authenticator: () => Authenticator, permissions: ReadonlyMap<string, string>): Guard {
  return {
    async admit({ permission, ...credentials }) {
      if (permission === 'public') {
        // A stale cookie must not lock anybody out of the sign-in page.
        return (
          (await authenticator()
            .authenticate(credentials)
            .catch(() => undefined)) ?? anonymous
        )
      }
      const actor = await authenticator().authenticate(credentials)
      if (!actor) throw kernelErrors.unauthenticated({})
      if (!may(actor, permission)) {
        throw kernelErrors.forbidden({
          actor: actor.name,
          permission,
          allows: permissions.get(permission) ?? permission,
        })
      }
      return actor
    },
  }
}
