/** The table of a topic: its making, its end, its rows, and the inserts that fill it. */
import { quoteName } from '#core/dataset'
import type { NdjsonBlock, Position, ReadOptions, ReadSlice, Topic } from '#ports/log'
import type { QueryOptions, Warehouse } from '#ports/warehouse'
import type { Fence } from './fence.ts'
import { warehousePositions } from './positions.ts'
import { numbered, selectStages, type SelectStages, type Staged } from './select-stage.ts'
import { strictColumn, strictSettings } from './strict-columns.ts'

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
  /** Rows up to `end`, the last acknowledged position. */
  read(options: ReadOptions & { readonly end: Position }): Promise<ReadSlice>
  drop(): Promise<void>
}

export function topicTable(warehouse: Warehouse, topic: Topic, fence: Fence): TopicTable {
  const table = `${quoteName(topic.database)}.${quoteName(topic.table)}`
  const json = topic.columns.some((column) => column.json === true)
  const strict = topic.columns.map((column) => strictColumn(column))
  const names = topic.columns.map((column) => quoteName(column.name))
  const ingest = { lane: 'ingest' } as const satisfies QueryOptions
  const stages = selectStages(warehouse, topic)

  const into = `INSERT INTO ${table} (${[...names, '_position', '_ingested_at'].join(', ')})`

  const insertSql = (count: number, after: bigint): string => {
    const structure = strict.map((column) => column.read).join(', ')
    const wrongCount = `throwIf(blockSize() != ${count}, 'millrace: the lines are not one JSON object each')`
    const checks = strict.flatMap((column) =>
      column.faults.map((fault) => `throwIf(${fault.when}, ${quoteText(`millrace: ${fault.says}`)})`),
    )
    const fenced = fence.refusal === undefined ? [] : [fence.refusal]
    return (
      `${into} SELECT ${numbered(
        strict.map((column) => column.value),
        after,
      )} ` +
      `FROM input(${quoteText(structure)}) WHERE ${sum([...fenced, wrongCount, ...checks])} = 0 FORMAT JSONEachRow`
    )
  }

  const prepareTable = async (): Promise<void> => {
    await warehouse.command(`CREATE DATABASE IF NOT EXISTS ${quoteName(topic.database)}`, ingest)
    const columns = topic.columns.map(
      (column) => `${quoteName(column.name)} ${storedType(column.type, column.required)}`,
    )
    const indexes = topic.columns
      .filter((column) => column.type.startsWith('DateTime64'))
      .map(
        (column) => `INDEX ${quoteName(`range of ${column.name}`)} ${quoteName(column.name)} TYPE minmax GRANULARITY 1`,
      )
    await warehouse.command(
      `CREATE TABLE IF NOT EXISTS ${table} (${[...columns, '_position UInt64 CODEC(Delta, LZ4)', `_ingested_at DateTime64(6, 'UTC')`, ...indexes].join(', ')}) ` +
        'ENGINE = MergeTree ORDER BY _position',
      ingest,
    )
    const present = new Map(
      (
        await warehouse.rows<{ name: string; type: string }>(
          'SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String}',
          { ...ingest, parameters: { database: topic.database, table: topic.table } },
        )
      ).map((column) => [column.name, column.type]),
    )
    for (const column of topic.columns) {
      const type = present.get(column.name)
      if (type === undefined) {
        await warehouse.command(
          `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${quoteName(column.name)} ${storedType(column.type, column.required)}`,
          ingest,
        )
      } else if (bareType(type) !== bareType(column.type)) {
        throw new Error(
          `Column "${column.name}" of "${topic.name}" is ${type} in the warehouse and cannot become ${column.type}.`,
        )
      }
    }
  }

  return {
    prepare: prepareTable,
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
      await warehouse.command(
        `ALTER TABLE ${table} DELETE WHERE _position > ${after}${fence.current === undefined ? '' : ` AND ${fence.current}`} SETTINGS mutations_sync = 1`,
        { ...ingest, queryId: fence.statementId() },
      )
    },
    async insert(rows, after, queryId) {
      await warehouse.insert(insertSql(rows.count, after), rows.ndjson, {
        ...ingest,
        queryId,
        engineNames: strictSettings(rows.count, json),
      })
    },
    async attach(staged, queryId) {
      await warehouse.command(`ALTER TABLE ${table} ATTACH PARTITION tuple() FROM ${staged.place}`, {
        ...ingest,
        queryId,
      })
    },
    async exchange(staged, queryId) {
      await warehouse.command(`EXCHANGE TABLES ${staged.place} AND ${table}`, { ...ingest, queryId })
    },
    endQuery: (queryId) => warehouse.endQuery(queryId),
    async read({ after, limit, from = table, end, signal }) {
      const { sql, covers } = warehousePositions
      const most = Math.max(0, Math.floor(limit))
      const stream = await warehouse.stream(
        `SELECT ${[...names, '_position', '_ingested_at'].join(', ')} FROM ${from} WHERE ${sql.between(after, end)} ORDER BY _position LIMIT ${most}`,
        'JSONEachRow',
        { engineNames: { ...rowSettings, max_threads: 1 }, ...(signal === undefined ? {} : { signal }) },
      )
      const chunks: Uint8Array[] = []
      for await (const chunk of stream as AsyncIterable<Uint8Array | string>)
        chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
      const ndjson = Buffer.concat(chunks)
      const count = countLines(ndjson)
      const last = count < most ? end : count === 0 ? after : lastPosition(ndjson)
      return { ndjson, count, last: covers(after, last) ? after : last }
    },
    async drop() {
      await warehouse.command(`DROP TABLE IF EXISTS ${table} SYNC`, ingest)
      await stages.clear()
    },
  }
}

/** Times as RFC 3339, 64-bit integers and decimals as strings, decimals with all their digits. */
const rowSettings = {
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_decimal_trailing_zeros: 1,
  output_format_json_escape_forward_slashes: 0,
} as const

/** Added in pairs: the engine bounds how deep a statement is, and a chain is as deep as the topic is wide. */
function sum(terms: readonly string[]): string {
  if (terms.length < 2) return terms[0] ?? '0'
  const middle = Math.ceil(terms.length / 2)
  return `(${sum(terms.slice(0, middle))} + ${sum(terms.slice(middle))})`
}

function storedType(type: string, required: boolean): string {
  return required ? type : `Nullable(${type})`
}

function bareType(type: string): string {
  return type.replace(/^Nullable\((.*)\)$/, '$1').replaceAll(' ', '')
}

function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}

function lastPosition(ndjson: Buffer): Position {
  const start = ndjson.lastIndexOf(10, ndjson.length - 2) + 1
  const row = JSON.parse(ndjson.toString('utf8', start)) as { _position: string }
  return warehousePositions.decode(row._position)
}
