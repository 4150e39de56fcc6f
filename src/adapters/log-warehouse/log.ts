import type { AppendedEvent, Log } from '#ports/log'
import type { Clock } from '#ports/clock'
import type { Leases } from '#ports/leases'
import type { Metadata } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'
import { consumerGroup } from './consumer-group.ts'
import { forgetBlocks } from './forget-blocks.ts'
import { journalSchema } from './journal-schema.ts'
import { journal } from './journal.ts'
import { openTopics } from './open-topics.ts'
import { positionOf, warehousePositions } from './positions.ts'

export { warehousePositions }

export interface WarehouseLogParts {
  readonly warehouse: Warehouse
  readonly metadata: Metadata
  readonly clock: Clock
  readonly leases: Leases
  /** How long an idle topic waits for company before it writes. */
  readonly lingerMs?: number
  readonly patienceMs?: number
}

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
  const now = (): number => clock.now()
  const topics = openTopics({ warehouse, metadata, leases, now, lingerMs, patienceMs, appended })
  const forgetting = forgetBlocks(clock, journal(metadata))

  return {
    positions: warehousePositions,
    open: topics.open,
    async append(topic, block) {
      if (!('select' in block)) return await (await topics.get(topic)).writer.append(block)
      // Reading takes its time, in which the topic may be opened anew with other columns.
      const { table, writer } = await topics.get(topic)
      const staged = await writer.read(block)
      try {
        return await (await topics.get(topic)).writer.append(block, staged)
      } catch (error) {
        if (staged !== undefined) await table.stages.drop(staged)
        throw error
      }
    },
    async read(topic, options) {
      const { table, writer } = await topics.get(topic)
      return await table.read({ ...options, end: positionOf(writer.end()) })
    },
    async end(topic) {
      return positionOf((await topics.get(topic)).writer.end())
    },
    async replacedUpTo(topic) {
      return positionOf(await (await topics.get(topic)).writer.replacedUpTo())
    },
    onAppended(listener) {
      listeners.add(listener)
      return { close: () => void listeners.delete(listener) }
    },
    group: (topic, name) => consumerGroup(metadata, topic, name),
    remove: topics.remove,
    async close() {
      await forgetting.stop()
      await topics.close()
    },
  }
}
