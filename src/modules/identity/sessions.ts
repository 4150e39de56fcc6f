import type { Actor } from '#core/actor'
import type { Metadata } from '#ports/metadata'
import type { Permissions } from './contract.ts'
import { identityErrors } from './errors.ts'
import { digest, makeSecret } from './secrets.ts'
import { installationOwner } from './principals.ts'
import { adminTokenId, rightsOf, sessionActorId } from './tokens.ts'
import type { TokenRow } from './tokens.ts'

export interface SessionRow {
  readonly hash: string
  readonly workspace: string
  readonly name: string
  readonly permissions: Permissions
  readonly definition_permissions: readonly string[]
  /** The person who runs the server: may enter every workspace. */
  readonly everywhere: boolean
  /** The token it was opened with. */
  readonly token_id: string | null
}

export interface Sessions {
  makeCode(workspace: string): Promise<string>
  /** Each returns the secret for the cookie. */
  fromCode(code: string): Promise<string>
  fromToken(token: TokenRow): Promise<string>
  find(secret: string): Promise<SessionRow | undefined>
  enter(secret: string, workspace: string): Promise<void>
  end(secret: string): Promise<void>
}

const columns = 'hash, workspace, name, permissions, definition_permissions, everywhere, token_id'

export function sessionTable(metadata: Metadata, lifetimeSeconds: number): Sessions {
  const { system } = metadata
  const make = async (row: Omit<SessionRow, 'hash' | 'token_id'>, token: TokenRow | undefined): Promise<string> => {
    const secret = makeSecret('ms')
    await system.query('delete from identity.session where expires_at < now()')
    await system.query(
      `insert into identity.session (hash, workspace, name, permissions, definition_permissions, everywhere, token_workspace, token_id, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 second')`,
      [
        digest(secret),
        row.workspace,
        row.name,
        JSON.stringify(row.permissions),
        JSON.stringify(row.definition_permissions),
        row.everywhere,
        token?.workspace ?? null,
        token?.id ?? null,
        lifetimeSeconds,
      ],
    )
    return secret
  }
  return {
    makeCode: async (workspace) => {
      const code = makeSecret('mc')
      await system.query('delete from identity.login_code where expires_at < now()')
      await system.query(
        `insert into identity.login_code (hash, workspace, expires_at) values ($1, $2, now() + interval '15 minutes')`,
        [digest(code), workspace],
      )
      return code
    },
    fromCode: async (code) => {
      const { rows } = await system.query<{ workspace: string; fresh: boolean }>(
        'delete from identity.login_code where hash = $1 returning workspace, expires_at > now() as fresh',
        [digest(code)],
      )
      if (rows[0]?.fresh !== true) throw identityErrors.wrongCode({})
      return await make(
        {
          workspace: rows[0].workspace,
          name: installationOwner.name,
          permissions: 'all',
          definition_permissions: [],
          everywhere: true,
        },
        undefined,
      )
    },
    fromToken: async (token) =>
      await make(
        {
          workspace: token.workspace,
          name: token.name,
          permissions: token.permissions,
          definition_permissions: token.definition_permissions,
          everywhere: token.id === adminTokenId,
        },
        token,
      ),
    find: async (secret) =>
      (
        await system.query<SessionRow>(
          `select ${columns} from identity.session where hash = $1 and expires_at > now()`,
          [digest(secret)],
        )
      ).rows[0],
    enter: async (secret, workspace) => {
      await system.query('update identity.session set workspace = $2 where hash = $1', [digest(secret), workspace])
    },
    end: async (secret) => {
      await system.query('delete from identity.session where hash = $1', [digest(secret)])
    },
  }
}

export function sessionActor(row: SessionRow): Actor {
  return {
    kind: 'session',
    id: sessionActorId(row.hash),
    name: row.name,
    workspace: row.workspace,
    ...rightsOf(row),
    principal:
      row.everywhere || row.token_id === null ? installationOwner : { kind: 'token', id: row.token_id, name: row.name },
  }
}
