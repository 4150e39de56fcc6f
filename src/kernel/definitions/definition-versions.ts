/**
 * One mechanism for definitions with versions: history, what changed from one to the next, restore, and
 * a conflict for a change that was made to an older version.
 *
 * ```ts
 * const shelf = { kind: 'shelf', id: 's-1' }
 * requireCurrentVersion({ ...shelf, name: 'North' }, { given: undefined, current: 3 })
 * requireCurrentVersion({ ...shelf, name: 'North' }, { given: 3, current: 3 })
 * difference({ rows: 4, tags: ['a'] }, { rows: 5, tags: ['a'] }) // [{ at: 'rows', before: 4, after: 5 }]
 * ```
 */
import type { ObjectRef } from '#core/object-ref'
import type { Metadata, SqlSession } from '#ports/metadata'
import { requestScope } from '../logs/request-scope.ts'
import { kernelErrors } from '../problems/errors.ts'
import { difference, type Difference } from './difference.ts'

export { difference }

export interface KeptVersion {
  readonly version: number
  readonly definition: unknown
  readonly at: string
}

export interface DefinitionVersion extends KeptVersion {
  /** Nothing for versions that were made before versions were kept, and for work of the server itself. */
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string } | null
  /** What is different from the version before; absent where that one is not known. */
  readonly changes?: readonly Difference[]
}

export interface VersionChange {
  readonly workspace: string
  readonly ref: ObjectRef
  readonly made: KeptVersion
  readonly former?: KeptVersion
}

export interface DefinitionVersions {
  /**
   * Keeps a version in the transaction that makes it (`metadata.inWorkspace(…).transaction`). `former` is kept
   * too where it is not yet, so that the history of a definition from before begins with its first change.
   */
  keep(session: SqlSession, change: VersionChange): Promise<void>
  /** The latest first; `current` stands in for a version that is not kept. */
  page(
    workspace: string,
    ref: ObjectRef,
    current: KeptVersion,
    page: { readonly limit: number; readonly below?: number | undefined },
  ): Promise<{ items: DefinitionVersion[]; next: number | null }>
  /** Rejects with `kernel.unknownVersion`. */
  get(workspace: string, ref: ObjectRef, current: KeptVersion, version: number): Promise<unknown>
  /**
   * Changes versions that are kept, only for what must not stay in them: secrets in clear. A definition that comes
   * back as it was given is not written.
   */
  rewrite(
    session: SqlSession,
    workspace: string,
    ref: ObjectRef,
    change: (definition: unknown) => unknown,
  ): Promise<void>
  /** With the object itself. */
  forget(session: SqlSession, workspace: string, ref: ObjectRef): Promise<void>
}

interface Row {
  readonly version: number
  readonly definition: unknown
  readonly actor: DefinitionVersion['actor']
  readonly at: Date
}

const columns = 'version, definition, actor, at'

export function definitionVersions(metadata: Metadata): DefinitionVersions {
  const read = async (workspace: string, ref: ObjectRef, below: number, limit: number): Promise<readonly Row[]> => {
    const { rows } = await metadata.inWorkspace(workspace).query<Row>(
      `select ${columns} from kernel.definition_version where kind = $1 and id = $2 and version < $3::bigint
         order by version desc limit $4`,
      [ref.kind, ref.id, below, limit],
    )
    return rows
  }
  return {
    async keep(session, { workspace, ref, made, former }) {
      const actor = requestScope.getStore()?.actor
      const insert = async ({ version, definition, at }: KeptVersion, by: object | undefined): Promise<void> => {
        await session.query(
          `insert into kernel.definition_version (workspace, kind, id, ${columns})
           values ($1, $2, $3, $4, $5::json, $6::jsonb, $7) on conflict do nothing`,
          [workspace, ref.kind, ref.id, version, JSON.stringify(definition), by ? JSON.stringify(by) : null, at],
        )
      }
      if (former !== undefined) await insert(former, undefined)
      await insert(made, actor && { kind: actor.kind, id: actor.id, name: actor.name })
    },
    async page(workspace, ref, current, { limit, below = current.version + 1 }) {
      const kept = await read(workspace, ref, below, limit + 1)
      const known: DefinitionVersion[] = kept.map((row) => ({ ...row, at: row.at.toISOString() }))
      if (below > current.version && known[0]?.version !== current.version) known.unshift({ ...current, actor: null })
      const items = known.slice(0, limit).map((each, index) => {
        const earlier = known[index + 1]
        return earlier?.version === each.version - 1
          ? { ...each, changes: difference(earlier.definition, each.definition) }
          : each
      })
      return { items, next: known.length > limit ? (items.at(-1)?.version ?? null) : null }
    },
    async get(workspace, ref, current, version) {
      if (version === current.version) return current.definition
      const [row] = await read(workspace, ref, version + 1, 1)
      if (row?.version !== version)
        throw kernelErrors.unknownVersion({ kind: ref.kind, name: ref.name ?? ref.id, version })
      return row.definition
    },
    async rewrite(session, workspace, ref, change) {
      const of = [workspace, ref.kind, ref.id]
      const { rows } = await session.query<Pick<Row, 'version' | 'definition'>>(
        `select version, definition from kernel.definition_version where workspace = $1 and kind = $2 and id = $3`,
        of,
      )
      for (const { version, definition } of rows) {
        const changed = change(definition)
        if (changed === definition) continue
        await session.query(
          `update kernel.definition_version set definition = $5::json where workspace = $1 and kind = $2 and id = $3 and version = $4`,
          [...of, version, JSON.stringify(changed)],
        )
      }
    },
    async forget(session, workspace, ref) {
      await session.query('delete from kernel.definition_version where workspace = $1 and kind = $2 and id = $3', [
        workspace,
        ref.kind,
        ref.id,
      ])
    },
  }
}

/** A change that names the version it was made to is refused when another change came first. */
export function requireCurrentVersion(
  { kind, id, name = id }: ObjectRef,
  { given, current }: { readonly given: number | undefined; readonly current: number },
): void {
  if (given !== undefined && given !== current) throw kernelErrors.staleVersion({ kind, name, given, current })
}
