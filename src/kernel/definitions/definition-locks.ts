/**
 * Keeps a definition from being deleted while something that names it is stored. Whatever stores a reference holds what
 * it names, a deletion locks it and then asks what uses it: one waits for the other, so no reference leads nowhere.
 */
import { describeObject, type ObjectRef } from '#core/object-ref'
import type { SqlSession } from '#ports/metadata'

export interface DefinitionLocks {
  /**
   * Call it in the transaction that stores references: none of them is deleted before the transaction ends. Returns the
   * names of those that exist.
   */
  hold(session: SqlSession, workspace: string, names: readonly string[]): Promise<ReadonlySet<string>>
  /** Call it in the transaction that changes or deletes: waits for those that hold it, and others wait for this one. */
  lock<Row extends object>(
    session: SqlSession,
    workspace: string,
    name: string,
    columns: string,
  ): Promise<Row | undefined>
}

/** `table` has the columns `workspace` and `name`; `where` leaves out rows that nothing may refer to any more. */
export function definitionLocks(table: string, where = 'true'): DefinitionLocks {
  return {
    hold: async (session, workspace, names) => {
      const { rows } = await session.query<{ name: string }>(
        `select name from ${table} where workspace = $1 and name = any($2) and ${where} order by name for share`,
        [workspace, names],
      )
      return new Set(rows.map(({ name }) => name))
    },
    lock: async <Row extends object>(session: SqlSession, workspace: string, name: string, columns: string) => {
      const { rows } = await session.query<Row>(
        `select ${columns} from ${table} where workspace = $1 and name = $2 and ${where} for update`,
        [workspace, name],
      )
      return rows[0]
    },
  }
}

export type ReferencesTo = (workspace: string, subject: ObjectRef, sql?: SqlSession) => Promise<readonly ObjectRef[]>

/** After `lock`, in the same transaction: rejects with the error that `used` makes of what refers to the definition. */
export async function requireUnused(
  referencesTo: ReferencesTo,
  { session, workspace, ref }: { session: SqlSession; workspace: string; ref: ObjectRef },
  used: (by: readonly string[]) => Error,
): Promise<void> {
  const users = await referencesTo(workspace, ref, session)
  if (users.length > 0) throw used(users.map(describeObject))
}
