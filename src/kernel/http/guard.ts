import type { IncomingHttpHeaders } from 'node:http'
import { may, mayInDefinition, type Actor } from '#core/actor'
import type { Authenticator } from '../module/authentication.ts'
import { kernelErrors } from '../problems/errors.ts'
import { openCalls } from './open-calls.ts'

export interface Guard {
  /** Who asks, once it is known that they may. */
  admit(request: GuardedRequest): Promise<Admitted>
}

export interface GuardedRequest {
  readonly headers: IncomingHttpHeaders
  readonly method: string
  readonly socket: boolean
  readonly remoteAddress: string
  readonly permission: string
  /** Needed too, for what the call shows of other modules. */
  readonly alsoNeeds?: readonly string[]
  /** Called when the credential ends while the call is open. */
  readonly onEnded?: (reason: Error) => void
  /** Called with a known actor who lacks the permission. */
  readonly onDenied?: (actor: Actor) => void
}

export interface Admitted {
  readonly actor: Actor
  /** The call is over. */
  leave(): void
}

/** Nobody in no workspace: sees no row of anything. */
const anonymous: Actor = { kind: 'session', id: 'anonymous', name: 'anonymous', workspace: '', permissions: new Set() }

export function guard(authenticator: () => Authenticator, permissions: ReadonlyMap<string, string>): Guard {
  const calls = openCalls()
  let followed: Authenticator | undefined
  const followedAuthenticator = (): Authenticator => {
    const current = authenticator()
    if (followed !== current) {
      followed = current
      current.onEnded?.((actorIds) => calls.end(actorIds))
    }
    return current
  }
  const identify = async (open: boolean, credentials: Parameters<Authenticator['authenticate']>[0]) => {
    const current = followedAuthenticator()
    if (!open) return await current.authenticate(credentials)
    // A stale cookie must not lock anybody out of the sign-in page.
    return (await current.authenticate(credentials).catch(() => undefined)) ?? anonymous
  }

  return {
    async admit({ permission, alsoNeeds = [], onEnded, onDenied, ...credentials }) {
      const open = permission === 'public'
      const call = calls.open(onEnded)
      try {
        const actor = await identify(open, credentials)
        if (!actor) throw kernelErrors.unauthenticated({})
        call.assign(actor.id)
        const missing = [
          ...(open || may(actor, permission) ? [] : [permission]),
          ...alsoNeeds.filter((needed) => !mayInDefinition(actor, needed)),
        ]
        if (missing[0] !== undefined) {
          onDenied?.(actor)
          const allows = permissions.get(missing[0]) ?? missing[0]
          throw kernelErrors.forbidden({ actor: actor.name, permission: missing[0], allows })
        }
        return { actor, leave: call.close }
      } catch (error) {
        call.close()
        throw error
      }
    },
  }
}
