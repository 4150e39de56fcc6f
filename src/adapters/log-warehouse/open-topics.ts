/** The topics that this server writes: each with its lease, its table and its writer. */
import type { AppendedEvent, Topic, TopicName } from '#ports/log'
import { heldSql, type Lease, type Leases } from '#ports/leases'
import type { Metadata } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'
import { logErrors } from './errors.ts'
import { lastEpoch, openFence } from './fence.ts'
import { journal, type Journal } from './journal.ts'
import { topicTable, type TopicTable } from './topic-table.ts'
import { openTopicWriter, type TopicWriter, type WriterParts } from './topic-writer.ts'

export interface OpenTopic {
  readonly lease: Lease
  readonly table: TopicTable
  readonly writer: TopicWriter
}

export interface OpenTopics {
  open(topic: Topic): Promise<void>
  /** Rejects with `log.unknown` for a topic that is not open. */
  get(topic: TopicName): Promise<OpenTopic>
  remove(topic: TopicName): Promise<void>
  close(): Promise<void>
}

export interface OpenTopicsParts extends Pick<WriterParts, 'now' | 'lingerMs' | 'patienceMs'> {
  readonly warehouse: Warehouse
  readonly metadata: Metadata
  readonly leases: Leases
  readonly appended: (event: AppendedEvent) => void
}

export function openTopics(parts: OpenTopicsParts): OpenTopics {
  const topics = new Map<string, Promise<OpenTopic>>()
  const get = async (topic: TopicName): Promise<OpenTopic> => {
    const open = topics.get(keyOf(topic))
    if (open === undefined) throw logErrors.unknown({ topic: topic.name })
    return await open
  }
  return {
    get,
    async open(topic) {
      const key = keyOf(topic)
      const opening = openTopic(parts, topic, topics.get(key))
      topics.set(key, opening)
      try {
        await opening
      } catch (error) {
        if (topics.get(key) === opening) topics.delete(key)
        throw error
      }
    },
    async remove(topic) {
      const { lease, table, writer } = await get(topic)
      topics.delete(keyOf(topic))
      await writer.close()
      try {
        await parts.metadata.system.transaction(async (session) => await lease.guard(session))
        await table.drop()
        await heldJournal(parts.metadata, lease).remove(topic)
      } finally {
        await lease.release()
      }
    },
    async close() {
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

/** With the lease of the same topic as it was open before, whose writer ends first. */
async function openTopic(
  { warehouse, metadata, leases, ...writing }: OpenTopicsParts,
  topic: Topic,
  before: Promise<OpenTopic> | undefined,
): Promise<OpenTopic> {
  const earlier = await before?.catch(() => undefined)
  const lease = earlier?.lease ?? (await acquireTopic({ warehouse, leases }, topic))
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
    const held = heldJournal(metadata, lease)
    return { lease, table, writer: await openTopicWriter({ ...writing, topic, table, journal: held, lease, fence }) }
  } catch (error) {
    await earlier?.writer.close()
    await lease.release().catch(() => undefined)
    throw error
  }
}

async function acquireTopic(
  { warehouse, leases }: Pick<OpenTopicsParts, 'warehouse' | 'leases'>,
  topic: TopicName,
): Promise<Lease> {
  return await leases.acquire(`log/${topic.workspace}/${topic.name}`, {
    waitMs: leases.takeOverMs,
    above: await lastEpoch(warehouse, topic),
  })
}

/** Each of its writes checks the lease in its transaction. */
function heldJournal(metadata: Metadata, lease: Lease): Journal {
  return journal({ ...metadata, system: heldSql(lease, metadata.system) })
}

function keyOf(topic: TopicName): string {
  return JSON.stringify([topic.workspace, topic.name])
}
