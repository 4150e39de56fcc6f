import { randomUUID } from 'node:crypto'
import type { Actor } from '#core/actor'
import { mapUniqueViolation } from '#ports/metadata'
import type { Metadata, SqlSession } from '#ports/metadata'
import type { Permissions } from './contract.ts'
import { identityErrors } from './errors.ts'
import { digest, makeSecret } from './secrets.ts'

/** The admin token is a token like others, under an id of its own. */
export const adminTokenId = 'admin'

export interface TokenRow {
  readonly workspace: string
  readonly id: string
  readonly name: string
  readonly permissions: Permissions
  /** Of tokens made before definitions were checked: hold only for what their definitions use. */
  readonly definition_permissions: readonly string[]
  readonly created_by: string
  readonly created_at: Date
  readonly used_at: Date | null
}

export interface Tokens {
  create(
    workspace: string,
    spec: { name: string; permissions: Permissions; createdBy: string },
  ): Promise<TokenRow & { token: string }>
  list(workspace: string, page: { limit: number; after: string | undefined }): Promise<readonly TokenRow[]>
  /** Returns the ids of the actors that do not exist any more: the token and its sessions. */
  revoke(workspace: string, id: string): Promise<readonly string[]>
  findByDigest(hash: string): Promise<TokenRow | undefined>
  find(workspace: string, id: string): Promise<TokenRow | undefined>
  /** Returns the ids of the actors that do not exist any more; none when the token did not change. */
  setAdmin(workspace: string, token: string): Promise<readonly string[] | undefined>
}

const columns = 'workspace, id, name, permissions, definition_permissions, created_by, created_at, used_at'

export function tokenTable(metadata: Metadata, onError: (error: unknown) => void): Tokens {
  return {
    create: async (workspace, { name, permissions, createdBy }) => {
      const token = makeSecret('mr')
      const { rows } = await mapUniqueViolation(
        (cause) => identityErrors.nameTaken({ name }, { cause }),
        () =>
          metadata
            .inWorkspace(workspace)
            .query<TokenRow>(
              `insert into identity.token (workspace, id, name, hash, permissions, created_by) values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
              [workspace, randomUUID(), name, digest(token), JSON.stringify(permissions), createdBy],
            ),
      )
      return { ...(rows[0] as TokenRow), token }
    },
    list: async (workspace, { limit, after }) =>
      (
        await metadata
          .inWorkspace(workspace)
          .query<TokenRow>(
            `select ${columns} from identity.token where $1::text is null or name > $1 order by name limit $2`,
            [after ?? null, limit],
          )
      ).rows,
    revoke: async (workspace, id) => {
      if (id === adminTokenId) throw identityErrors.adminToken({})
      const ended = await metadata.system.transaction(async (session) => await remove(session, workspace, id))
      if (ended === undefined) throw identityErrors.unknownToken({ id })
      return ended
    },
    findByDigest: async (hash) => {
      const { rows } = await metadata.system.query<TokenRow>(`select ${columns} from identity.token where hash = $1`, [
        hash,
      ])
      const row = rows[0]
      if (row !== undefined && Date.now() - (row.used_at?.getTime() ?? 0) > noteUseEveryMs) {
        metadata.system.query('update identity.token set used_at = now() where hash = $1', [hash]).catch(onError)
      }
      return row
    },
    find: async (workspace, id) =>
      (
        await metadata
          .inWorkspace(workspace)
          .query<TokenRow>(`select ${columns} from identity.token where workspace = $1 and id = $2`, [workspace, id])
      ).rows[0],
    setAdmin: async (workspace, token) =>
      await metadata.system.transaction(async (session) => {
        const before = await session.query<{ hash: string }>(
          'select hash from identity.token where workspace = $1 and id = $2',
          [workspace, adminTokenId],
        )
        if (before.rows[0]?.hash === digest(token)) return undefined
        const ended = await remove(session, workspace, adminTokenId)
        await session.query(
          `insert into identity.token (workspace, id, name, hash, permissions, created_by) values ($1, $2, 'admin', $3, '"all"', 'the server')`,
          [workspace, adminTokenId, digest(token)],
        )
        return ended ?? []
      }),
  }
}

async function remove(session: SqlSession, workspace: string, id: string): Promise<readonly string[] | undefined> {
  const { rows } = await session.query<{ hash: string }>(
    'select hash from identity.session where token_workspace = $1 and token_id = $2',
    [workspace, id],
  )
  const { affected } = await session.query('delete from identity.token where workspace = $1 and id = $2', [
    workspace,
    id,
  ])
  return affected === 0 ? undefined : [id, ...rows.map(({ hash }) => sessionActorId(hash))]
}

/** A session's actor is known by the beginning of its digest, which opens nothing. */
export function sessionActorId(hash: string): string {
  return `session:${hash.slice(0, 12)}`
}

const noteUseEveryMs = 10 * 60_000

export function tokenActor(row: TokenRow): Actor {
  return {
    kind: 'token',
    id: row.id,
    name: row.name,
    workspace: row.workspace,
    ...rightsOf(row),
  }
}

/** What a token, or a session that a token opened, may do. */
export function rightsOf({
  permissions,
  definition_permissions: inDefinitions,
}: Pick<TokenRow, 'permissions' | 'definition_permissions'>): Pick<Actor, 'permissions' | 'definitionPermissions'> {
  return {
    permissions: permissions === 'all' ? 'all' : new Set(permissions),
    ...(inDefinitions.length === 0 ? {} : { definitionPermissions: new Set(inDefinitions) }),
  }
}
