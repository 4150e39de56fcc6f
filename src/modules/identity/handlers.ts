import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { Actor } from '#core/actor'
import { may } from '#core/actor'
import { JsonReply } from '#kernel/contract'
import type { Call, Handlers } from '#kernel/contract'
import { withSuggestion } from '#core/nearest'
import { cursors, pageOfFound } from '#kernel/paging'
import { authenticate } from './authenticate.ts'
import type { Doorkeeping } from './authenticate.ts'
import type { identityContract, Permissions, Session } from './contract.ts'
import { identityErrors } from './errors.ts'
import { isSecure, requireSamePage } from './same-page.ts'
import { csrfOf, digest } from './secrets.ts'
import { sessionActor } from './sessions.ts'
import { adminTokenId } from './tokens.ts'
import type { TokenRow } from './tokens.ts'
import type { Workspaces } from './workspaces.ts'

const tokenNames = cursors('identity.tokens', z.string())

export interface IdentityParts extends Doorkeeping {
  readonly workspaces: Workspaces
  /** A one-time link, from `/app/` on. */
  readonly signInPath: (workspace: string) => Promise<string>
  /** Tells every process that remembered credentials may be wrong, and which actors are no more. */
  readonly credentialsChanged: (ended: readonly string[]) => Promise<void>
  /** The permissions that there are. */
  readonly declared: ReadonlyMap<string, string>
}

export function identityHandlers(parts: IdentityParts): Handlers<typeof identityContract> {
  const { cookie, sessions, tokens, workspaces } = parts

  const sessionOf = async (actor: Actor, headers: IncomingHttpHeaders): Promise<Session> => {
    const all = await workspaces.list()
    const secret = actor.kind === 'session' ? cookie.read(headers) : undefined
    const everywhere = secret !== undefined && (await sessions.find(secret))?.everywhere === true
    const here = all.find(({ id }) => id === actor.workspace)
    if (here === undefined) throw identityErrors.unknownWorkspace({ workspace: actor.workspace })
    return {
      kind: actor.kind,
      id: actor.id,
      name: actor.name,
      workspace: here,
      workspaces: everywhere ? [...all] : [here],
      permissions: actor.permissions === 'all' ? 'all' : [...actor.permissions].toSorted(),
      csrf: secret === undefined ? null : csrfOf(secret),
    }
  }

  const secretFor = async (body: { code: string } | { token: string }, address: string): Promise<string> => {
    parts.guesses.check(address)
    try {
      if ('code' in body) return await sessions.fromCode(body.code)
      const token = await tokens.findByDigest(digest(body.token))
      if (token === undefined) throw identityErrors.wrongToken({})
      return await sessions.fromToken(token)
    } catch (error) {
      parts.guesses.count(address)
      throw error
    }
  }

  return {
    session: async (call) => await sessionOf(await asker(parts, call), headersOf(call)),
    signIn: async (call) => {
      requireSamePage(headersOf(call))
      const secret = await secretFor(call.body, addressOf(call))
      const row = await sessions.find(secret)
      if (row === undefined) throw identityErrors.unauthenticated({})
      call.identified(sessionActor(row))
      const answer = await sessionOf(sessionActor(row), { ...headersOf(call), cookie: cookie.set(secret, false) })
      return new JsonReply(answer, 201, { 'set-cookie': cookie.set(secret, isSecure(headersOf(call))) })
    },
    signOut: async (call) => {
      const actor = await asker(parts, call)
      const secret = actor.kind === 'session' ? cookie.read(headersOf(call)) : undefined
      if (secret !== undefined) {
        await sessions.end(secret)
        await parts.credentialsChanged([actor.id])
      }
      return new JsonReply(undefined, 204, { 'set-cookie': cookie.clear() })
    },
    enter: async (call) => {
      const actor = await asker(parts, call)
      const headers = headersOf(call)
      const secret = cookie.read(headers)
      if (actor.kind !== 'session' || secret === undefined) throw identityErrors.sessionsOnly({})
      const { workspace } = call.body
      const before = await sessionOf(actor, headers)
      if (!before.workspaces.some(({ id }) => id === workspace)) throw identityErrors.unknownWorkspace({ workspace })
      await sessions.enter(secret, workspace)
      // What the session has open shows the workspace before.
      await parts.credentialsChanged([actor.id])
      return await sessionOf({ ...actor, workspace }, headers)
    },
    link: async ({ actor, workspace, body }) => {
      if (actor.kind !== 'token' || actor.id !== adminTokenId) throw identityErrors.adminOnly({})
      return { path: await parts.signInPath(body.workspace ?? workspace) }
    },
    tokens: async ({ workspace, query }) => {
      const found = await tokens.list(workspace, { limit: query.limit + 1, after: tokenNames.read(query.cursor) })
      const { items, next } = pageOfFound(tokenNames, found, { limit: query.limit, placeOf: ({ name }) => name })
      return { items: items.map(tokenAnswer), next }
    },
    createToken: async ({ workspace, body, actor }) => {
      requireKnown(parts.declared, body.permissions)
      requireHeld(actor, body.permissions)
      const made = await tokens.create(workspace, { ...body, createdBy: actor.name })
      return { ...tokenAnswer(made), token: made.token }
    },
    revokeToken: async ({ workspace, params }) => {
      await parts.credentialsChanged(await tokens.revoke(workspace, params.id))
    },
  }
}

/** The routes of sessions are open, so that a stale cookie does not lock anybody out; what is wrong with it is said here. */
async function asker(parts: IdentityParts, call: Call): Promise<Actor> {
  const actor = await authenticate(parts, {
    headers: headersOf(call),
    method: call.request?.method ?? 'GET',
    socket: false,
    remoteAddress: addressOf(call),
  })
  if (actor === undefined) throw identityErrors.unauthenticated({})
  return actor
}

function headersOf(call: Pick<Call, 'headers'>): IncomingHttpHeaders {
  return call.headers
}

function addressOf(call: Pick<Call, 'request'>): string {
  return call.request?.socket.remoteAddress ?? ''
}

function requireKnown(declared: IdentityParts['declared'], wanted: Permissions): void {
  const problems = (wanted === 'all' ? [] : wanted).flatMap((permission, index) => {
    if (declared.has(permission)) return []
    const said = withSuggestion(`There is no permission "${permission}".`, permission, declared.keys())
    return [{ at: `permissions[${index}]`, code: 'unknown_permission', ...said }]
  })
  if (problems.length > 0) throw identityErrors.unknownPermission({ declared: [...declared.keys()] }, { problems })
}

function requireHeld(actor: Actor, wanted: Permissions): void {
  if (actor.permissions === 'all') return
  const missing = wanted === 'all' ? ['all'] : wanted.filter((permission) => !may(actor, permission))
  if (missing.length > 0) throw identityErrors.tooMuch({ permissions: missing })
}

function tokenAnswer(row: TokenRow) {
  return {
    id: row.id,
    name: row.name,
    permissions: row.permissions,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    usedAt: row.used_at?.toISOString() ?? null,
  }
}
