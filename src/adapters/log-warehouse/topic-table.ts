/** The table of a topic: its making, its end, its rows, and the statements that fill it. */
import type { NdjsonBlock, ReadSlice, Topic } from '#ports/log'
import type { QueryOptions, Warehouse } from '#ports/warehouse'
import type { Fence } from './fence.ts'
import { insertStatement } from './insert-sql.ts'
import { readRows, type RowsToRead } from './read-rows.ts'
import { selectStages, type SelectStages, type Staged } from './select-stage.ts'
import { strictSettings } from './strict-columns.ts'
import { prepareTable, tableOf } from './topic-columns.ts'

export interface TopicTable {
  /** Creates it, or adds the columns it lacks. */
  prepare(): Promise<void>
  readonly stages: SelectStages
  end(): Promise<bigint>
  rowsBetween(from: bigint, to: bigint): Promise<number>
  /** Takes away what a crash left half done. */
  cut(after: bigint): Promise<void>
  insert(rows: NdjsonBlock, after: bigint, queryId: string): Promise<void>
  /** Moves the rows of a stage into the table, all at once. */
  attach(staged: Staged, queryId: string): Promise<void>
  /** Puts a stage in the place of the table, which lies in the place of the stage then. */
  exchange(staged: Staged, queryId: string): Promise<void>
  /** Resolves when the engine no longer runs a statement whose answer was lost. */
  endQuery(queryId: string): Promise<void>
  read(options: RowsToRead): Promise<ReadSlice>
  drop(): Promise<void>
}

export function topicTable(warehouse: Warehouse, topic: Topic, fence: Fence): TopicTable {
  const table = tableOf(topic)
  const json = topic.columns.some((column) => column.json === true)
  const ingest = { lane: 'ingest' } as const satisfies QueryOptions
  const stages = selectStages(warehouse, topic)
  const insertSql = insertStatement(topic, fence)

  return {
    prepare: () => prepareTable(warehouse, topic),
    stages,
    async end() {
      const [row] = await warehouse.rows<{ end: string }>(
        `SELECT toString(max(_position)) AS end FROM ${table}`,
        ingest,
      )
      return BigInt(row?.end ?? 0)
    },
    async rowsBetween(from, to) {
      const [row] = await warehouse.rows<{ rows: string }>(
        `SELECT toString(count()) AS rows FROM ${table} WHERE _position BETWEEN ${from} AND ${to}`,
        ingest,
      )
      return Number(row?.rows ?? 0)
    },
    async cut(after) {
      const fenced = fence.current === undefined ? '' : ` AND ${fence.current}`
      await warehouse.command(
        `ALTER TABLE ${table} DELETE WHERE _position > ${after}${fenced} SETTINGS mutations_sync = 1`,
        { ...ingest, queryId: fence.statementId() },
      )
    },
    async insert(rows, after, queryId) {
      await warehouse.insert(insertSql(rows.count, after), rows.ndjson, {
        ...ingest,
        queryId,
        settings: { statement: 'wide' },
        engineNames: strictSettings(rows.count, json),
      })
    },
    async attach(staged, queryId) {
      const statement = `ALTER TABLE ${table} ATTACH PARTITION tuple() FROM ${staged.place}`
      await warehouse.command(statement, { ...ingest, queryId })
    },
    async exchange(staged, queryId) {
      await warehouse.command(`EXCHANGE TABLES ${staged.place} AND ${table}`, { ...ingest, queryId })
    },
    endQuery: (queryId) => warehouse.endQuery(queryId),
    read: (options) => readRows(warehouse, topic, options),
    async drop() {
      await warehouse.command(`DROP TABLE IF EXISTS ${table} SYNC`, ingest)
      await stages.clear()
    },
  }
}
