import { randomUUID } from 'node:crypto'
import type { Actor } from '#core/actor'
import { isUniqueViolation } from '#ports/metadata'
import type { Metadata } from '#ports/metadata'
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
  readonly created_by: string
  readonly created_at: Date
  readonly used_at: Date | null
}

export interface Tokens {
  create(workspace: string, spec: { name: string; permissions: Permissions; createdBy: string }): Promise<TokenRow & { token: string }>
  list(workspace: string, page: { limit: number; after: string | undefined }): Promise<readonly TokenRow[]>
  revoke(workspace: string, id: string): Promise<void>
  findByDigest(hash: string): Promise<TokenRow | undefined>
  /** Answers whether this is another one than before. */
  setAdmin(workspace: string, token: string): Promise<boolean>
}

const columns = 'workspace, id, name, permissions, created_by, created_at, used_at'

export function tokenTable(metadata: Metadata, onError: (error: unknown) => void): Tokens {
  return {
    create: async (workspace, { name, permissions, createdBy }) => {
      const token = makeSecret('mr')
      try {
        const { rows } = await metadata.inWorkspace(workspace).query<TokenRow>(
          `insert into identity.token (workspace, id, name, hash, permissions, created_by) values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
          [workspace, randomUUID(), name, digest(token), JSON.stringify(permissions), createdBy])
        return { ...(rows[0] as TokenRow), token }
      } catch (error) {
        throw isUniqueViolation(error) ? identityErrors.nameTaken({ name }, { cause: error }) : error
      }
    },
    list: async (workspace, { limit, after }) =>
      (await metadata.inWorkspace(workspace).query<TokenRow>(
        `select ${columns} from identity.token where $1::text is null or name > $1 order by name limit $2`, [after ?? null, limit])).rows,
    revoke: async (workspace, id) => {
      if (id === adminTokenId) throw identityErrors.adminToken({})
      const { affected } = await metadata.inWorkspace(workspace).query('delete from identity.token where id = $1', [id])
      if (affected === 0) throw identityErrors.unknownToken({ id })
    },
    findByDigest: async (hash) => {
      const { rows } = await metadata.system.query<TokenRow>(`select ${columns} from identity.token where hash = $1`, [hash])
      const row = rows[0]
      if (row !== undefined && Date.now() - (row.used_at?.getTime() ?? 0) > noteUseEveryMs) {
        metadata.system.query('update identity.token set used_at = now() where hash = $1', [hash]).catch(onError)
      }
      return row
    },
    setAdmin: async (workspace, token) => await metadata.system.transaction(async (session) => {
      const before = await session.query<{ hash: string }>('select hash from identity.token where workspace = $1 and id = $2', [workspace, adminTokenId])
      if (before.rows[0]?.hash === digest(token)) return false
      await session.query('delete from identity.token where workspace = $1 and id = $2', [workspace, adminTokenId])
      await session.query(
        `insert into identity.token (workspace, id, name, hash, permissions, created_by) values ($1, $2, 'admin', $3, '"all"', 'the server')`,
        [workspace, adminTokenId, digest(token)])
      return true
    }),
  }
}

const noteUseEveryMs = 10 * 60_000

export function tokenActor(row: TokenRow): Actor {
  return { kind: 'token', id: row.id, name: row.name, workspace: row.workspace, permissions: permissionSet(row.permissions) }
}

export function permissionSet(permissions: Permissions): Actor['permissions'] {
  return permissions === 'all' ? 'all' : new Set(permissions)
}
