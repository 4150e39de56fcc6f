import type { AppendedEvent, Log, TopicName } from '#ports/log'
import type { Clock } from '#ports/clock'
import { heldSql, type Lease, type Leases } from '#ports/leases'
import type { Metadata } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'
import { consumerGroup } from './consumer-group.ts'
import { logErrors } from './errors.ts'
import { lastEpoch, openFence } from './fence.ts'
import { journal, journalSchema } from './journal.ts'
import { topicTable, type TopicTable } from './topic-table.ts'
import { positionOf, warehousePositions } from './positions.ts'
import { openTopicWriter, type TopicWriter } from './topic-writer.ts'

export interface WarehouseLogParts {
  readonly warehouse: Warehouse
  readonly metadata: Metadata
  readonly clock: Clock
  readonly leases: Leases
  /** How long an idle topic waits for company before it writes. */
  readonly lingerMs?: number
  readonly patienceMs?: number
}

export { warehousePositions }

interface OpenTopic {
  readonly lease: Lease
  readonly table: TopicTable
  readonly writer: TopicWriter
}

/** Long enough for a former server to count as dead. */
const waitForLeaseMs = 15_000
const purgeEveryMs = 60_000
const purgeAtMost = 20_000

/** The embedded log: topics are tables of the warehouse, ids of blocks and positions of groups live in metadata. */
export async function openWarehouseLog({
  warehouse,
  metadata,
  clock,
  leases,
  lingerMs = 2,
  patienceMs = 30_000,
}: WarehouseLogParts): Promise<Log> {
  await metadata.script(journalSchema)
  const blocks = journal(metadata)
  const topics = new Map<string, Promise<OpenTopic>>()
  const listeners = new Set<(event: AppendedEvent) => void>()

  const appended = (event: AppendedEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event)
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error))
      }
    }
  }
  const opened = async (topic: TopicName): Promise<OpenTopic> => {
    const open = topics.get(key(topic))
    if (open === undefined) throw logErrors.unknown({ topic: topic.name })
    return await open
  }

  const leaseOf = async (topic: TopicName): Promise<Lease> =>
    await leases.acquire(`log/${topic.workspace}/${topic.name}`, {
      waitMs: waitForLeaseMs,
      above: await lastEpoch(warehouse, topic),
    })

  let purging: Promise<unknown> | undefined
  const upkeep = clock.every(purgeEveryMs, () => {
    purging ??= blocks
      .purge(clock.now(), purgeAtMost)
      .catch(() => 0)
      .finally(() => (purging = undefined))
  })

  return {
    positions: warehousePositions,
    async open(topic) {
      const before = topics.get(key(topic))
      const opening = (async (): Promise<OpenTopic> => {
        const earlier = await before?.catch(() => undefined)
        const lease = earlier?.lease ?? (await leaseOf(topic))
        try {
          const fence = openFence(warehouse, topic, lease.fencingToken)
          const table = topicTable(warehouse, topic, fence)
          await table.prepare()
          if (earlier === undefined) {
            await fence.raise()
            // Of a former writer; those of this one are in use.
            await table.stages.clear()
          }
          await earlier?.writer.close()
          const now = (): number => clock.now()
          const held = journal({ ...metadata, system: heldSql(lease, metadata.system) })
          const parts = { topic, table, journal: held, lease, fence, now, lingerMs, patienceMs, appended }
          return { lease, table, writer: await openTopicWriter(parts) }
        } catch (error) {
          await earlier?.writer.close()
          await lease.release().catch(() => undefined)
          throw error
        }
      })()
      topics.set(key(topic), opening)
      try {
        await opening
      } catch (error) {
        if (topics.get(key(topic)) === opening) topics.delete(key(topic))
        throw error
      }
    },
    async append(topic, block) {
      if (!('select' in block)) return await (await opened(topic)).writer.append(block)
      // Reading takes its time, in which the topic may be opened anew with other columns.
      const { table, writer } = await opened(topic)
      const staged = await writer.read(block)
      try {
        return await (await opened(topic)).writer.append(block, staged)
      } catch (error) {
        if (staged !== undefined) await table.stages.drop(staged)
        throw error
      }
    },
    async read(topic, options) {
      const { table, writer } = await opened(topic)
      return await table.read({ ...options, end: positionOf(writer.end()) })
    },
    async end(topic) {
      return positionOf((await opened(topic)).writer.end())
    },
    async replacedUpTo(topic) {
      return positionOf(await (await opened(topic)).writer.replacedUpTo())
    },
    onAppended(listener) {
      listeners.add(listener)
      return { close: () => void listeners.delete(listener) }
    },
    group: (topic, name) => consumerGroup(metadata, topic, name),
    async remove(topic) {
      const { lease, table, writer } = await opened(topic)
      topics.delete(key(topic))
      await writer.close()
      try {
        await metadata.system.transaction(async (session) => await lease.guard(session))
        await table.drop()
        await journal({ ...metadata, system: heldSql(lease, metadata.system) }).remove(topic)
      } finally {
        await lease.release()
      }
    },
    async close() {
      upkeep.stop()
      await purging
      const open = await Promise.allSettled(topics.values())
      topics.clear()
      await Promise.all(
        open.map(async (topic) => {
          if (topic.status === 'rejected') return
          await topic.value.writer.close()
          await topic.value.lease.release()
        }),
      )
    },
  }
}

function key(topic: TopicName): string {
  return JSON.stringify([topic.workspace, topic.name])
}
