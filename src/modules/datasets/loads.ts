import { keyedQueue } from '#core/keyed-queue'
import type { Metadata } from '#ports/metadata'
import type { Dataset, TableLoad } from './index.ts'
import type { KeyedTable } from './keyed-table.ts'

const rememberDays = 30

export interface Loads {
  /** Returns whether rows came in; a block id that was loaded before changes nothing. */
  load(dataset: Dataset, load: TableLoad): Promise<boolean>
  latest(workspace: string): Promise<ReadonlyMap<string, string>>
}

/** One load of a table at a time; the block id is recorded after its rows are durable, so an interrupted load runs again whole. */
export function tableLoads(metadata: Metadata, table: KeyedTable): Loads {
  const inTurn = keyedQueue()
  const loadOnce = async (dataset: Dataset, load: TableLoad): Promise<boolean> => {
    const sql = metadata.inWorkspace(dataset.workspace)
    const key = [dataset.workspace, dataset.name, load.blockId]
    const { rows } = await sql.query(
      'select 1 from datasets.load where workspace = $1 and dataset = $2 and block_id = $3',
      key,
    )
    if (rows.length > 0) return false
    await table.load(dataset, load)
    await sql.query(
      'insert into datasets.load (workspace, dataset, block_id) values ($1, $2, $3) on conflict do nothing',
      key,
    )
    await sql.query(
      `delete from datasets.load where workspace = $1 and dataset = $2 and loaded_at < now() - interval '${rememberDays} days'`,
      key.slice(0, 2),
    )
    return true
  }
  return {
    load: (dataset, load) => inTurn(`${dataset.workspace}/${dataset.name}`, () => loadOnce(dataset, load)),
    async latest(workspace) {
      const { rows } = await metadata
        .inWorkspace(workspace)
        .query<{ dataset: string; at: Date | string }>(
          'select dataset, max(loaded_at) as at from datasets.load where workspace = $1 group by dataset',
          [workspace],
        )
      return new Map(rows.map((row) => [row.dataset, new Date(row.at).toISOString()]))
    },
  }
}
