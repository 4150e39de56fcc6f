/**
 * Rejected rows with their reasons, kept until they are replayed or what they belong to goes.
 *
 * A row is filed with the dataset it was meant for. A pipeline's rows also carry its id and the stream they came
 * from ('' where a pipeline reads only one); where its destination is no dataset, they are filed with the pipeline alone.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { quoteName } from '#core/dataset'
import type { EngineSettings } from '#core/engine-settings'
import { parseJsonValue } from '#core/parse-json'
import { cursors, pageOfFound } from '#kernel/paging'
import type { Warehouse } from '#ports/warehouse'
import { copyRows, quarantineColumns } from './quarantine-table.ts'
import { unownedQuarantine } from './unowned-quarantine.ts'
import type {
  KeptRow,
  Quarantine,
  QuarantinedRow,
  QuarantineOwner,
  QuarantineSubject,
  WorkspacePlace,
} from './index.ts'

interface StoredRow extends Omit<KeptRow, 'problems'> {
  readonly problems: string
}

interface RowPlace {
  readonly id: string
  readonly at: string
  readonly bytes: string | number
}

/** The latest rows come first; two may have come in the same millisecond. */
const RowCursor = z.object({ at: z.iso.datetime(), id: z.string() })

/** In characters: a longer row is cut, and a longer record is left out, because a part of it is no JSON. */
const rowLimit = 1 << 20
/** A page of larger rows has fewer of them than its limit. */
const pageBytes = 16 << 20
const insertLength = 16 << 20

export function quarantine(warehouse: Warehouse, place: (workspace: string) => Promise<WorkspacePlace>): Quarantine {
  const tableOf = async (workspace: string): Promise<string> =>
    `${quoteName((await place(workspace)).system)}.quarantine`
  const fields = 'id, at, source, reason, problems, row, dataset, stream, record'
  const settings: EngineSettings = { times: 'rfc3339' }
  const byPrefix = 'dataset = {dataset:String} AND pipeline = {pipeline:String} AND startsWith(id, {prefix:String})'

  return {
    async keep(workspace, { dataset = '', pipeline = '', stream = '' }, rows) {
      let lines: string[] = []
      let length = 0
      const insert = async (): Promise<void> => {
        if (lines.length === 0) return
        await warehouse.insert(
          `INSERT INTO ${await tableOf(workspace)} (${quarantineColumns}) FORMAT JSONEachRow`,
          Buffer.from(`${lines.join('\n')}\n`),
          { lane: 'ingest', settings: { timesRead: 'any' } },
        )
        lines = []
        length = 0
      }
      for (const row of rows) {
        const line = lineOf(row, { dataset, pipeline, stream })
        lines.push(line)
        length += line.length
        if (length > insertLength) await insert()
      }
      await insert()
    },
    async count(workspace, { dataset = '', pipeline = '' }, prefix) {
      const [found] = await warehouse.rows<{ rows: string | number }>(
        `SELECT count() AS rows FROM ${await tableOf(workspace)} FINAL WHERE ${byPrefix}`,
        { parameters: { dataset, pipeline, prefix } },
      )
      return Number(found?.rows ?? 0)
    },
    async discard(workspace, { dataset = '', pipeline = '' }, prefix) {
      await warehouse.command(`ALTER TABLE ${await tableOf(workspace)} DELETE WHERE ${byPrefix}`, {
        parameters: { dataset, pipeline, prefix },
        settings: { deletion: 'synchronous' },
      })
    },
    async list(workspace, subject, { limit, cursor }) {
      const { condition, value } = conditionOf(subject)
      const rowCursors = cursors(`datasets.quarantine:${JSON.stringify(subject)}`, RowCursor)
      const last = rowCursors.read(cursor)
      const after =
        last === undefined ? '' : `AND (at, id) < (parseDateTime64BestEffort({at:String}, 3, 'UTC'), {id:String})`
      const waiting = `FROM ${await tableOf(workspace)} FINAL WHERE ${condition} AND NOT replayed`
      const order = 'ORDER BY at DESC, id DESC'
      const places = await warehouse.rows<RowPlace>(
        `SELECT id, at, length(row) + length(record) + length(problems) AS bytes ${waiting} ${after} ${order} LIMIT ${limit + 1}`,
        { parameters: { subject: value, ...last }, settings },
      )
      const page = pageOfFound(rowCursors, places, {
        limit: Math.min(limit, countWithin(places, pageBytes)),
        placeOf: ({ at, id }) => ({ at, id }),
      })
      if (page.items.length === 0) return { items: [], next: null }
      const found = await warehouse.rows<StoredRow>(
        `SELECT ${fields} ${waiting} AND id IN {ids:Array(String)} ${order}`,
        { parameters: { subject: value, ids: page.items.map(({ id }) => id) }, settings },
      )
      return { items: found.map(kept), next: page.next }
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
      const chosen = 'dataset = {dataset:String} AND id IN {ids:Array(String)}'
      await warehouse.command(copyRows(table, { replayed: 'true' }, chosen), {
        parameters: { dataset, ids: [...ids] },
      })
    },
    async names(workspace) {
      const found = await warehouse.rows<{ name: string; rows: string | number; latest: string }>(
        `SELECT dataset AS name, count() AS rows, max(at) AS latest FROM ${await tableOf(workspace)} FINAL
         WHERE dataset != '' AND NOT replayed GROUP BY dataset ORDER BY dataset`,
        { settings },
      )
      return found.map((each) => ({ ...each, rows: Number(each.rows) }))
    },
    async remove(workspace, subject) {
      const { condition, value } = conditionOf(subject)
      const alone = 'pipeline' in subject ? "AND dataset = ''" : ''
      await warehouse.command(`ALTER TABLE ${await tableOf(workspace)} DELETE WHERE ${condition} ${alone}`, {
        parameters: { subject: value },
        settings: { deletion: 'synchronous' },
      })
    },
    ...unownedQuarantine(warehouse, tableOf),
  }
}

/** How many of the first rows to show together: one at least. */
function countWithin(places: readonly RowPlace[], maxBytes: number): number {
  let bytes = 0
  const end = places.findIndex((place) => (bytes += Number(place.bytes)) > maxBytes)
  return end === -1 ? places.length : Math.max(1, end)
}

function lineOf(row: QuarantinedRow, owner: Required<QuarantineOwner>): string {
  return JSON.stringify({
    ...owner,
    id: row.id ?? randomUUID(),
    at: row.at,
    source: row.source,
    // UTF-8 has no form for half of a surrogate pair, which a name or a cut at a length may leave.
    reason: row.reason.toWellFormed(),
    problems: JSON.stringify(row.problems),
    row: row.row.slice(0, rowLimit).toWellFormed(),
    replayed: false,
    record: row.record === undefined || row.record.length > rowLimit ? '' : row.record.toWellFormed(),
  })
}

function conditionOf(subject: QuarantineSubject): { condition: string; value: string } {
  return 'dataset' in subject
    ? { condition: 'dataset = {subject:String}', value: subject.dataset }
    : { condition: 'pipeline = {subject:String}', value: subject.pipeline }
}

function kept(row: StoredRow): KeptRow {
  const { record = '', problems, ...rest } = row
  return {
    ...rest,
    problems: parseJsonValue(problems) as KeptRow['problems'],
    ...(record === '' ? {} : { record }),
  }
}
