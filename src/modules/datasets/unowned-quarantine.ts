/** Rejected rows that earlier versions filed under a name alone get the pipeline they belong to. */
import type { Warehouse } from '#ports/warehouse'
import type { Quarantine } from './index.ts'
import { copyRows } from './quarantine-table.ts'

export function unownedQuarantine(
  warehouse: Warehouse,
  tableOf: (workspace: string) => Promise<string>,
): Pick<Quarantine, 'unowned' | 'assign'> {
  return {
    async unowned(workspace) {
      const found = await warehouse.rows<{ dataset: string; sources: string[] }>(
        `SELECT dataset, groupUniqArray(source) AS sources FROM ${await tableOf(workspace)} FINAL
         WHERE pipeline = '' AND startsWith(source, 'run:') AND NOT replayed GROUP BY dataset`,
      )
      return found.map(({ dataset, sources }) => ({
        dataset,
        runs: sources.map((source) => source.slice('run:'.length)),
      }))
    },
    async assign(workspace, { dataset, runs }, owner) {
      const table = await tableOf(workspace)
      const chosen = `dataset = {dataset:String} AND pipeline = '' AND source IN {sources:Array(String)} AND NOT replayed`
      const parameters = {
        dataset,
        sources: runs.map((run) => `run:${run}`),
        owned: owner.dataset ?? '',
        pipeline: owner.pipeline ?? '',
        stream: owner.stream ?? '',
      }
      const owned = { dataset: '{owned:String}', pipeline: '{pipeline:String}', stream: '{stream:String}' }
      await warehouse.command(copyRows(table, owned, chosen), { parameters })
      // A kill before this one repeats both; the same id replaces its row.
      if (owner.dataset === dataset) return
      await warehouse.command(copyRows(table, { replayed: 'true' }, chosen), { parameters })
    },
  }
}
