/** Rejected rows that earlier versions filed under a name alone get the pipeline they belong to. */
import type { Warehouse } from '#ports/warehouse'
import type { Quarantine } from './index.ts'

/** Of the table, in order. */
export const quarantineColumns = 'dataset, id, at, source, reason, problems, row, replayed, pipeline, stream, record'

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
      const chosen = `FROM ${table} FINAL WHERE dataset = {dataset:String} AND pipeline = '' AND source IN {sources:Array(String)} AND NOT replayed`
      const parameters = {
        dataset,
        sources: runs.map((run) => `run:${run}`),
        owned: owner.dataset ?? '',
        pipeline: owner.pipeline ?? '',
        stream: owner.stream ?? '',
      }
      await warehouse.command(
        `INSERT INTO ${table} (${quarantineColumns}) SELECT {owned:String}, id, at, source, reason, problems, row, false, {pipeline:String}, {stream:String}, record ${chosen}`,
        { parameters },
      )
      // A kill before this one repeats both; the same id replaces its row.
      if (owner.dataset === dataset) return
      await warehouse.command(
        `INSERT INTO ${table} (${quarantineColumns}) SELECT dataset, id, at, source, reason, problems, row, true, pipeline, stream, record ${chosen}`,
        { parameters },
      )
    },
  }
}
