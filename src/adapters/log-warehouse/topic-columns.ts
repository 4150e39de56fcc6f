/** Makes the table of a topic, and adds the columns it lacks. */
import { quoteName } from '#core/dataset'
import type { Topic, TopicColumn } from '#ports/log'
import type { QueryOptions, Warehouse } from '#ports/warehouse'

const ingest = { lane: 'ingest' } as const satisfies QueryOptions

/** The name of a topic's table in statements. */
export function tableOf({ database, table }: Pick<Topic, 'database' | 'table'>): string {
  return `${quoteName(database)}.${quoteName(table)}`
}

export async function prepareTable(warehouse: Warehouse, topic: Topic): Promise<void> {
  await warehouse.command(`CREATE DATABASE IF NOT EXISTS ${quoteName(topic.database)}`, ingest)
  await warehouse.command(createSql(topic), ingest)
  const present = await columnTypes(warehouse, topic)
  for (const column of topic.columns) {
    const type = present.get(column.name)
    if (type === undefined) {
      await warehouse.command(`ALTER TABLE ${tableOf(topic)} ADD COLUMN IF NOT EXISTS ${columnSql(column)}`, ingest)
    } else if (bareType(type) !== bareType(column.type)) {
      throw new Error(
        `Column "${column.name}" of "${topic.name}" is ${type} in the warehouse and cannot become ${column.type}.`,
      )
    }
  }
}

function createSql(topic: Topic): string {
  const parts = [
    ...topic.columns.map(columnSql),
    '_position UInt64 CODEC(Delta, LZ4)',
    `_ingested_at DateTime64(6, 'UTC')`,
    ...topic.columns
      .filter((column) => column.type.startsWith('DateTime64'))
      .map(({ name }) => `INDEX ${quoteName(`range of ${name}`)} ${quoteName(name)} TYPE minmax GRANULARITY 1`),
  ]
  return `CREATE TABLE IF NOT EXISTS ${tableOf(topic)} (${parts.join(', ')}) ENGINE = MergeTree ORDER BY _position`
}

async function columnTypes(warehouse: Warehouse, { database, table }: Topic): Promise<ReadonlyMap<string, string>> {
  const columns = await warehouse.rows<{ name: string; type: string }>(
    'SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String}',
    { ...ingest, parameters: { database, table } },
  )
  return new Map(columns.map((column) => [column.name, column.type]))
}

function columnSql({ name, type, required }: TopicColumn): string {
  return `${quoteName(name)} ${required ? type : `Nullable(${type})`}`
}

function bareType(type: string): string {
  return type.replace(/^Nullable\((.*)\)$/, '$1').replaceAll(' ', '')
}
