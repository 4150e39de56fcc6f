/**
 * For tests: a log of three partitions over another log. A topic is three topics of that one and a view over their
 * tables; a position is a vector, so whoever takes a position for one number fails.
 */
import { quoteName } from '#core/dataset'
import {
  BadPosition,
  type Appended,
  type ConsumerGroup,
  type Log,
  type Position,
  type Positions,
  type ReadOptions,
  type ReadSlice,
  type Topic,
  type TopicName,
} from '../log.ts'
import type { Warehouse } from '../warehouse.ts'

export const partitions = [0, 1, 2] as const
type Partition = (typeof partitions)[number]

/** Rows up to a position, by partition. */
export function componentsOf(position: Position): readonly bigint[] {
  const written = position.slice(1, -1).split(',')
  return partitions.map((partition) => BigInt(written[partition] ?? 0))
}

/** `[]` is the start, as the engine writes an array without elements. */
export function vectorOf(components: readonly bigint[]): Position {
  return (components.every((rows) => rows === 0n) ? '[]' : `[${components.join(',')}]`) as Position
}

export const partitionedPositions: Positions = {
  start: vectorOf([]),
  decode(text) {
    if (text === '0') return vectorOf([])
    if (!/^\[(\d{1,19}(,\d{1,19}){2})?\]$/.test(text)) throw new BadPosition(`"${text}" is no position.`)
    return vectorOf(componentsOf(text as Position))
  },
  covers: (position, other) => rowsBehind(position, other).every((rows) => rows === 0n),
  merge(one, other) {
    const behind = rowsBehind(one, other)
    return vectorOf(componentsOf(one).map((rows, partition) => rows + behind[partition]!))
  },
  rowsBetween: (after, to) => Number(rowsBehind(after, to).reduce((sum, rows) => sum + rows, 0n)),
  advance(after, to, maxRows) {
    let left = BigInt(maxRows)
    const steps = rowsBehind(after, to).map((rows) => {
      const step = rows < left ? rows : left
      left -= step
      return step
    })
    return vectorOf(componentsOf(after).map((rows, partition) => rows + steps[partition]!))
  },
  sql: {
    type: 'Array(UInt64)',
    start: `CAST([], 'Array(UInt64)')`,
    row: { name: '_position', type: 'Tuple(UInt8, UInt64)', newestFirst: '_ingested_at DESC' },
    between: (after, to) =>
      `_position.2 > arrayElement(${after}, _position.1 + 1) AND _position.2 <= arrayElement(${to}, _position.1 + 1)`,
  },
}

/** How many rows of each partition the second position has more than the first. */
function rowsBehind(position: Position, other: Position): bigint[] {
  const have = componentsOf(position)
  return componentsOf(other).map((rows, partition) => (rows > have[partition]! ? rows - have[partition]! : 0n))
}

/** Blocks go to a partition by their id, so that a retry meets its first try. Nothing replaces rows. */
export function partitionedLog(inner: Log, warehouse: Warehouse): Log {
  const topics = new Map<string, Topic>()
  const each = <T>(of: (partition: Partition) => Promise<T>): Promise<T[]> => Promise.all(partitions.map(of))
  const vector = async (of: (partition: Partition) => Promise<Position>): Promise<Position> =>
    vectorOf((await each(of)).map(BigInt))
  const end = (topic: TopicName): Promise<Position> => vector((partition) => inner.end(partOf(topic, partition)))

  return {
    positions: partitionedPositions,
    async open(topic) {
      await each((partition) =>
        inner.open({ ...topic, ...partOf(topic, partition), table: `${topic.table}__${partition}` }),
      )
      await warehouse.command(viewSql(topic))
      topics.set(keyOf(topic), topic)
    },
    async append(topic, block) {
      if ('select' in block && block.replace === true) throw new Error('This log replaces no rows.')
      const partition = partitionOf(block.id)
      return withVector(await inner.append(partOf(topic, partition), block), partition)
    },
    async read(topic, options) {
      const opened = topics.get(keyOf(topic))
      if (opened === undefined) throw new Error(`The topic "${topic.name}" is not open.`)
      return await readRows(warehouse, opened, { ...options, end: await end(topic) })
    },
    end,
    replacedUpTo: async () => partitionedPositions.start,
    onAppended: (listener) =>
      inner.onAppended((event) => {
        const { name, partition } = ofPart(event.topic.name)
        listener({ ...event, ...withVector(event, partition), topic: { workspace: event.topic.workspace, name } })
      }),
    group(topic, name): ConsumerGroup {
      const groups = partitions.map((partition) => inner.group(partOf(topic, partition), name))
      const put = async (to: Position, how: 'commit' | 'seek'): Promise<void> => {
        await Promise.all(groups.map((group, partition) => group[how](String(componentsOf(to)[partition]) as Position)))
      }
      const position = (): Promise<Position> => vector((partition) => groups[partition]!.position())
      return {
        position,
        async commit(to) {
          if (!partitionedPositions.covers(to, await position())) throw new Error(`The group "${name}" is not behind.`)
          await put(to, 'commit')
        },
        seek: (to) => put(to, 'seek'),
      }
    },
    async remove(topic) {
      const opened = topics.get(keyOf(topic))
      topics.delete(keyOf(topic))
      if (opened) await warehouse.command(`DROP VIEW IF EXISTS ${tableOf(opened)}`)
      await each((partition) => inner.remove(partOf(topic, partition)))
    },
    close: () => inner.close(),
  }
}

function withVector<A extends Appended>(appended: A, partition: Partition): A {
  return { ...appended, to: vectorOf(partitions.map((each) => (each === partition ? BigInt(appended.to) : 0n))) }
}

async function readRows(
  warehouse: Warehouse,
  topic: Topic,
  { after, limit, from = tableOf(topic), end, signal }: ReadOptions & { readonly end: Position },
): Promise<ReadSlice> {
  const { sql, merge } = partitionedPositions
  const names = [...topic.columns.map(({ name }) => quoteName(name)), '_position', '_ingested_at']
  const range = sql.between(`{after:${sql.type}}`, `{end:${sql.type}}`)
  const stream = await warehouse.stream(
    `SELECT ${names.join(', ')} FROM ${from} WHERE ${range} ORDER BY _position LIMIT ${limit}`,
    'JSONEachRow',
    {
      parameters: { after, end },
      settings: { times: 'rfc3339', exactNumbers: 'text' },
      engineNames: { output_format_json_escape_forward_slashes: 0 },
      ...(signal === undefined ? {} : { signal }),
    },
  )
  const ndjson = Buffer.concat(await stream.map((chunk: Uint8Array | string) => Buffer.from(chunk)).toArray())
  const places = ndjson
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { _position: [Partition, string] })._position)
  const seen = places.map(([partition, row]) =>
    vectorOf(partitions.map((each) => (each === partition ? BigInt(row) : 0n))),
  )
  const last = places.length < limit ? end : seen.reduce(merge, after)
  return { ndjson, count: places.length, last: merge(after, last) }
}

function viewSql(topic: Topic): string {
  const names = topic.columns.map(({ name }) => `part.${quoteName(name)} AS ${quoteName(name)}`)
  const parts = partitions.map((partition) => {
    const table = `${quoteName(topic.database)}.${quoteName(`${topic.table}__${partition}`)}`
    const place = `tuple(toUInt8(${partition}), part._position) AS _position`
    return `SELECT ${[...names, place, 'part._ingested_at AS _ingested_at'].join(', ')} FROM ${table} AS part`
  })
  return `CREATE OR REPLACE VIEW ${tableOf(topic)} AS ${parts.join(' UNION ALL ')}`
}

function tableOf({ database, table }: Topic): string {
  return `${quoteName(database)}.${quoteName(table)}`
}

function keyOf({ workspace, name }: TopicName): string {
  return JSON.stringify([workspace, name])
}

function partOf({ workspace, name }: TopicName, partition: Partition): TopicName {
  return { workspace, name: `${name}~${partition}` }
}

function ofPart(name: string): { readonly name: string; readonly partition: Partition } {
  return { name: name.slice(0, -2), partition: Number(name.at(-1)) as Partition }
}

function partitionOf(id: string): Partition {
  let sum = 0
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 65_521
  return partitions[sum % partitions.length]!
}
