import type { Metadata } from '#ports/metadata'
import { identityErrors } from './errors.ts'
import type { Workspace } from './index.ts'

export interface Workspaces {
  list(): Promise<readonly Workspace[]>
  find(id: string): Promise<Workspace | undefined>
  ensure(workspace: Workspace): Promise<void>
}

export function workspaceTable(metadata: Metadata): Workspaces {
  const select = 'select id, title, demo from identity.workspace'
  return {
    list: async () => (await metadata.system.query<Workspace>(`${select} order by demo, id`)).rows,
    find: async (id) => (await metadata.system.query<Workspace>(`${select} where id = $1`, [id])).rows[0],
    ensure: async ({ id, title, demo }) => {
      if (!/^[a-z][a-z0-9-]{0,39}$/.test(id)) throw identityErrors.badWorkspace({ workspace: id })
      await metadata.system.query(
        `insert into identity.workspace (id, title, demo) values ($1, $2, $3)
         on conflict (id) do update set title = excluded.title, demo = excluded.demo
         where (workspace.title, workspace.demo) is distinct from (excluded.title, excluded.demo)`,
        [id, title, demo],
      )
    },
  }
}
