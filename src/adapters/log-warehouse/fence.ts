/**
 * Keeps late statements of an earlier writer of a topic from changing it. The engine knows no
 * transactions and a statement may arrive long after it was sent, so the epoch of a topic lies in the
 * warehouse and every insert compares it within its own statement. SPEC.md, "Fencing", has the argument.
 */
import { createHash, randomUUID } from 'node:crypto'
import { sqlString } from '#core/sql-text'
import type { TopicName } from '#ports/log'
import { WarehouseError, type QueryOptions, type Warehouse } from '#ports/warehouse'

export interface Fence {
  /** Id for a statement of this writer that changes the topic's table. */
  statementId(): string
  /** For the WHERE of an insert: 0, or the statement of a former writer fails. Absent where no other process reaches the engine. */
  readonly refusal: string | undefined
  /** For the WHERE of a deletion: false in the statement of a former writer. */
  readonly current: string | undefined
  /** From now on statements of former writers change nothing, and none of them runs any more. */
  raise(): Promise<void>
}

const database = 'millrace_system'
const table = `${database}.fence`
const refused = 'millrace: fenced'
const ingest = { lane: 'ingest' } as const satisfies QueryOptions

/** The engine refused a statement because another writer has taken the topic over. */
export function isFenced(error: unknown): boolean {
  return error instanceof WarehouseError && error.message.startsWith(refused)
}

/** The epoch that the warehouse knows; a new writer's must be above it. */
export async function lastEpoch(warehouse: Warehouse, topic: TopicName): Promise<bigint> {
  if (warehouse.features.exclusive === true) return 0n
  await warehouse.command(`CREATE DATABASE IF NOT EXISTS ${database}`, ingest)
  await warehouse.command(
    `CREATE TABLE IF NOT EXISTS ${table} (topic String, epoch UInt64) ENGINE = ReplacingMergeTree(epoch) ORDER BY topic`,
    ingest,
  )
  const [row] = await warehouse.rows<{ epoch: string }>(`SELECT toString((${epochSql(topic)})) AS epoch`, ingest)
  return BigInt(row?.epoch ?? 0)
}

export function openFence(warehouse: Warehouse, topic: TopicName, epoch: bigint): Fence {
  if (warehouse.features.exclusive === true)
    return { statementId: () => randomUUID(), refusal: undefined, current: undefined, raise: async () => undefined }
  const prefix = `millrace-log/${createHash('sha256').update(keyOf(topic)).digest('hex').slice(0, 24)}/`
  const own = `${prefix}${epoch}/`
  return {
    statementId: () => `${own}${randomUUID()}`,
    refusal: `throwIf((${epochSql(topic)}) != ${epoch}, '${refused}')`,
    current: `(${epochSql(topic)}) = ${epoch}`,
    async raise() {
      await warehouse.command(`INSERT INTO ${table} (topic, epoch) VALUES (${sqlString(keyOf(topic))}, ${epoch})`, {
        ...ingest,
        settings: { insert: 'synchronous' },
      })
      const id = `if(startsWith(query_id, {prefix:String}), query_id, Settings['log_comment'])`
      const running = await warehouse.rows<{ id: string }>(
        `SELECT DISTINCT ${id} AS id FROM system.processes WHERE startsWith(id, {prefix:String}) AND NOT startsWith(id, {own:String})`,
        { ...ingest, parameters: { prefix, own } },
      )
      await Promise.all(running.map((statement) => warehouse.endQuery(statement.id)))
    },
  }
}

function keyOf({ workspace, name }: TopicName): string {
  return JSON.stringify([workspace, name])
}

function epochSql(topic: TopicName): string {
  return `SELECT max(epoch) FROM ${table} WHERE topic = ${sqlString(keyOf(topic))}`
}
