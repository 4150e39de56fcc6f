/** Rejected rows with their reasons, kept until they are replayed or the dataset goes. */
import { randomUUID } from 'node:crypto'
import { quoteName } from '#core/dataset'
import type { Warehouse } from '#ports/warehouse'
import type { QuarantinedRow, WorkspacePlace } from './index.ts'

export interface KeptRow extends QuarantinedRow {
  readonly id: string
}

export interface Quarantine {
  keep(workspace: string, dataset: string, rows: readonly QuarantinedRow[]): Promise<void>
  /** Latest first; `cursor` is the id of the last row seen. */
  list(
    workspace: string,
    dataset: string,
    options: { limit: number; cursor: string | undefined },
  ): Promise<{ items: readonly KeptRow[]; next: string | null }>
  find(workspace: string, dataset: string, ids: readonly string[]): Promise<readonly KeptRow[]>
  release(workspace: string, dataset: string, ids: readonly string[]): Promise<void>
  count(workspace: string, dataset: string): Promise<number>
  remove(workspace: string, dataset: string): Promise<void>
}

interface StoredRow {
  readonly id: string
  readonly at: string
  readonly source: string
  readonly reason: string
  readonly problems: string
  readonly row: string
}

const rowLimit = 1 << 20

export function quarantine(warehouse: Warehouse, place: (workspace: string) => Promise<WorkspacePlace>): Quarantine {
  const prepared = new Map<string, Promise<string>>()
  const prepare = async (workspace: string): Promise<string> => {
    const table = `${quoteName((await place(workspace)).system)}.quarantine`
    await warehouse.command(
      `CREATE TABLE IF NOT EXISTS ${table} (dataset String, id String, at DateTime64(3, 'UTC'), source String, reason String, problems String, row String, replayed Bool) ` +
        'ENGINE = ReplacingMergeTree ORDER BY (dataset, id)',
    )
    return table
  }
  const tableOf = (workspace: string): Promise<string> => {
    const known = prepared.get(workspace)
    if (known !== undefined) return known
    const preparing = prepare(workspace)
    prepared.set(workspace, preparing)
    preparing.catch(() => prepared.delete(workspace))
    return preparing
  }
  const fields = 'id, at, source, reason, problems, row'
  const settings = { date_time_output_format: 'iso' }

  return {
    async keep(workspace, dataset, rows) {
      if (rows.length === 0) return
      const lines = rows.map((row) =>
        JSON.stringify({
          dataset,
          id: row.id ?? randomUUID(),
          at: row.at,
          source: row.source,
          reason: row.reason,
          problems: JSON.stringify(row.problems),
          row: row.row.slice(0, rowLimit),
          replayed: false,
        }),
      )
      await warehouse.insert(
        `INSERT INTO ${await tableOf(workspace)} (dataset, id, at, source, reason, problems, row, replayed) FORMAT JSONEachRow`,
        Buffer.from(`${lines.join('\n')}\n`),
        { lane: 'ingest', settings: { date_time_input_format: 'best_effort' } },
      )
    },
    async list(workspace, dataset, { limit, cursor }) {
      const after = cursor === undefined ? '' : 'AND (at, id) < (SELECT at, id FROM place)'
      const table = await tableOf(workspace)
      const found = await warehouse.rows<StoredRow>(
        `WITH place AS (SELECT at, id FROM ${table} FINAL WHERE dataset = {dataset:String} AND id = {cursor:String} LIMIT 1)
         SELECT ${fields} FROM ${table} FINAL WHERE dataset = {dataset:String} AND NOT replayed ${after} ORDER BY at DESC, id DESC LIMIT ${limit + 1}`,
        { parameters: { dataset, cursor: cursor ?? '' }, settings },
      )
      const items = found.slice(0, limit).map(kept)
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
    async find(workspace, dataset, ids) {
      const found = await warehouse.rows<StoredRow>(
        `SELECT ${fields} FROM ${await tableOf(workspace)} FINAL WHERE dataset = {dataset:String} AND id IN {ids:Array(String)} AND NOT replayed`,
        { parameters: { dataset, ids: [...ids] }, settings },
      )
      return found.map(kept)
    },
    async release(workspace, dataset, ids) {
      const table = await tableOf(workspace)
      await warehouse.command(
        `INSERT INTO ${table} SELECT dataset, id, at, source, reason, problems, row, true FROM ${table} FINAL WHERE dataset = {dataset:String} AND id IN {ids:Array(String)}`,
        { parameters: { dataset, ids: [...ids] } },
      )
    },
    async count(workspace, dataset) {
      const [row] = await warehouse.rows<{ rows: string }>(
        `SELECT toString(count()) AS rows FROM ${await tableOf(workspace)} FINAL WHERE dataset = {dataset:String} AND NOT replayed`,
        { parameters: { dataset } },
      )
      return Number(row?.rows ?? 0)
    },
    async remove(workspace, dataset) {
      await warehouse.command(
        `ALTER TABLE ${await tableOf(workspace)} DELETE WHERE dataset = {dataset:String} SETTINGS mutations_sync = 1`,
        { parameters: { dataset } },
      )
    },
  }
}

function kept(row: StoredRow): KeptRow {
  return { ...row, problems: JSON.parse(row.problems) as KeptRow['problems'] }
}
