/** Tables beside a topic's own, into which the engine reads the rows of a select before they are part of the topic. */
import { randomBytes, randomUUID } from 'node:crypto'
import { quoteName } from '#core/dataset'
import type { SelectBlock, Topic } from '#ports/log'
import type { CommandSummary, QueryOptions, Warehouse } from '#ports/warehouse'
import { tableOf } from './topic-columns.ts'

/** Threads that write a stage: compressing is a good part of a load, and they count with one counter. */
const writers = 2
/**
 * Of a part of a stage, or as many as fill the engine's own limit in bytes: with its million rows the writers wait for
 * each other at the end of a load.
 */
const rowsOfPart = 500_000

export interface Staged {
  readonly place: string
  /** The names of its columns, without those of the log. */
  readonly columns: readonly string[]
  readonly rows: number
  /** Its positions begin behind this one. */
  readonly after: bigint
}

interface StageRows extends Pick<Staged, 'after'> {
  /** The columns that the rows have values for. */
  readonly names: readonly string[]
  /** The SELECT that gives the rows, numbered. */
  readonly from: string
  readonly options?: QueryOptions
  readonly onDone?: (summary: CommandSummary) => void
}

export interface SelectStages {
  /** Reads the select, numbered for a place behind `after`. */
  fill(block: SelectBlock, after: bigint): Promise<Staged>
  /** Is it ready to be attached behind `after`, with the columns the topic has now? */
  fits(staged: Staged, after: bigint): boolean
  /** The same rows with other positions. */
  moved(staged: Staged, after: bigint): Promise<Staged>
  drop(staged: Pick<Staged, 'place'>): Promise<void>
  /** Drops every stage of the topic. */
  clear(): Promise<void>
}

export function numbered(values: readonly string[], after: bigint): string {
  return [...values, `toUInt64(${after + 1n}) + rowNumberInAllBlocks()`, `now64(6, 'UTC')`].join(', ')
}

export function selectStages(warehouse: Warehouse, topic: Topic): SelectStages {
  const table = tableOf(topic)
  const columns = topic.columns.map((column) => column.name)
  const ingest = { lane: 'ingest' } as const satisfies QueryOptions

  const drop = async (place: string): Promise<void> => {
    await warehouse.command(`DROP TABLE IF EXISTS ${place} SYNC`, ingest)
  }

  /** A table that is not whole goes at once; where that fails, it goes when the topic is opened next. */
  const made = async ({ after, names, from, options = {}, onDone }: StageRows): Promise<Staged> => {
    const place = `${quoteName(topic.database)}.${quoteName(`_stage_${randomBytes(6).toString('hex')}_${topic.table}`)}`
    const queryId = randomUUID()
    try {
      await warehouse.command(`CREATE TABLE ${place} AS ${table}`, ingest)
      const into = [...names.map((name) => quoteName(name)), '_position', '_ingested_at'].join(', ')
      const statement = `INSERT INTO ${place} (${into}) ${from}`
      const summary = await warehouse.command(statement, { ...options, lane: 'batch', queryId })
      onDone?.(summary)
      const [found] = await warehouse.rows<{ rows: string; first: string; last: string; sum: string }>(
        `SELECT toString(count()) AS rows, toString(min(_position)) AS first, toString(max(_position)) AS last, toString(sum(_position)) AS sum FROM ${place}`,
        ingest,
      )
      const rows = Number(found?.rows ?? 0)
      const [first, last] = [after + 1n, after + BigInt(rows)]
      const sum = BigInt.asUintN(64, ((first + last) * BigInt(rows)) / 2n)
      const dense = found?.first === String(first) && found.last === String(last) && found.sum === String(sum)
      if (rows > 0 && !dense)
        throw new Error(
          `The ${rows} rows of a select for "${topic.name}" were not numbered from ${first} to ${last}: the first is ${found?.first}, the last ${found?.last}.`,
        )
      return { place, columns, rows, after }
    } catch (error) {
      await warehouse.cancel(queryId).catch(() => undefined)
      await drop(place).catch(() => undefined)
      throw error
    }
  }

  return {
    async fill({ select, parameters, settings, limits, signal, onProgress }, after) {
      const values = columns.map((name) => quoteName(name))
      return await made({
        after,
        names: columns,
        from: `SELECT ${numbered(values, after)} FROM (${select})`,
        options: {
          ...(parameters === undefined ? {} : { parameters }),
          ...(signal === undefined ? {} : { signal }),
          ...(onProgress === undefined ? {} : { onProgress }),
          ...(limits === undefined ? {} : { limits }),
          settings: { ...settings, emptyValues: 'refused', insert: 'synchronous' },
          engineNames: {
            max_insert_threads: writers,
            min_insert_block_size_rows: rowsOfPart,
          },
        },
        ...(onProgress === undefined ? {} : { onDone: onProgress }),
      })
    },
    fits: (staged, after) =>
      staged.after === after &&
      staged.columns.length === columns.length &&
      columns.every((name) => staged.columns.includes(name)),
    async moved(staged, after) {
      const names = columns.filter((name) => staged.columns.includes(name))
      const values = names.map((name) => quoteName(name)).join(', ')
      const from = `SELECT ${values}, _position - ${staged.after} + ${after} AS _position, now64(6, 'UTC') FROM ${staged.place}`
      return await made({ after, names, from })
    },
    drop: ({ place }) => drop(place).catch(() => undefined),
    async clear() {
      const found = await warehouse.rows<{ name: string }>(
        `SELECT name FROM system.tables WHERE database = {database:String} AND startsWith(name, '_stage_') AND endsWith(name, {table:String})`,
        { ...ingest, parameters: { database: topic.database, table: topic.table } },
      )
      for (const { name } of found)
        if (name.replace(/^_stage_(?:[0-9a-f]{12}_)?/, '') === topic.table)
          await drop(`${quoteName(topic.database)}.${quoteName(name)}`)
    },
  }
}
