import type { Metadata } from '#ports/metadata'
import { identityErrors } from './errors.ts'
import type { Workspace } from './index.ts'

export interface Workspaces {
  list(): Promise<readonly Workspace[]>
  find(id: string): Promise<Workspace | undefined>
  ensure(workspace: Workspace): Promise<void>
}

/**
 * The id names the workspace's database and folder. Two hyphens in a row are refused because they become the
 * two underscores that set the system database of a workspace apart.
 */
function isWorkspaceId(id: string): boolean {
  return /^[a-z][a-z0-9-]{0,39}$/.test(id) && !id.includes('--')
}

export function workspaceTable(metadata: Metadata): Workspaces {
  const select = 'select id, title, demo from identity.workspace'
  return {
    list: async () => (await metadata.system.query<Workspace>(`${select} order by demo, id`)).rows,
    find: async (id) => (await metadata.system.query<Workspace>(`${select} where id = $1`, [id])).rows[0],
    ensure: async ({ id, title, demo }) => {
      if (!isWorkspaceId(id)) throw identityErrors.badWorkspace({ workspace: id })
      await metadata.system.query(
        `insert into identity.workspace (id, title, demo) values ($1, $2, $3)
         on conflict (id) do update set title = excluded.title, demo = excluded.demo
         where (workspace.title, workspace.demo) is distinct from (excluded.title, excluded.demo)`,
        [id, title, demo],
      )
    },
  }
}
