/** Takes blocks of one topic, in groups, one group at a time. */
import type { Appended, Block, SelectBlock } from '#ports/log'
import { LeaseLost } from '#ports/leases'
import { BlockRejected } from '#ports/log'
import { WarehouseUnavailable } from '#ports/warehouse'
import { openQueue, type Waiting } from './block-queue.ts'
import { digitCheck } from './digit-check.ts'
import { logErrors } from './errors.ts'
import { isFenced } from './fence.ts'
import { writeGroup, type GroupParts } from './group-writer.ts'
import { replaces } from './intents.ts'
import { jsonColumnsAsText } from './json-columns.ts'
import { asRejection } from './rejection.ts'
import type { Staged } from './select-stage.ts'
import { recoveredState } from './writer-state.ts'

export interface TopicWriter {
  /** Reads a select while others append. Returns nothing where its id is known or the engine away: `append` sees to these. */
  read(block: Block & SelectBlock): Promise<Staged | undefined>
  append(block: Block, staged?: Staged): Promise<Appended>
  end(): bigint
  /** Resolves when no replacement is under way. */
  replacedUpTo(): Promise<bigint>
  /** Resolves when every block accepted so far is answered; none is accepted afterwards. */
  close(): Promise<void>
}

export interface WriterParts extends Omit<GroupParts, 'name'> {
  readonly lingerMs: number
}

export async function openTopicWriter(writerParts: WriterParts): Promise<TopicWriter> {
  const { topic, table, journal } = writerParts
  const parts: GroupParts = { ...writerParts, name: { workspace: topic.workspace, name: topic.name } }
  const json = topic.columns.flatMap((column) => (column.json === true ? [column.name] : []))
  const checkDigits = digitCheck(topic.columns)
  const state = await recoveredState(parts)
  let replacing: Promise<unknown> | undefined
  const rewritten = new Set<Promise<Appended>>()
  const queue = openQueue({
    lingerMs: writerParts.lingerMs,
    async commit(group) {
      const writing = writeEach(group)
      if (group.some(({ block }) => replaces(block))) replacing = writing
      await writing
      replacing = undefined
      for (const { staged } of group) if (staged !== undefined) await table.stages.drop(staged)
    },
  })

  /** A group that is refused for its data is written half by half, so that only the broken block is rejected. */
  async function writeEach(group: readonly Waiting[]): Promise<void> {
    try {
      await writeGroup(parts, state, group)
    } catch (error) {
      if (group.length > 1 && error instanceof BlockRejected) {
        const half = group.length >> 1
        await writeEach(group.slice(0, half))
        await writeEach(group.slice(half))
      } else {
        for (const waiting of group) waiting.reject(withTakeOver(error, topic.name))
      }
    }
  }

  return {
    async read(block) {
      try {
        if ((await journal.find(parts.name, block.id)) !== undefined) return undefined
        return await table.stages.fill(block, state.end)
      } catch (error) {
        if (error instanceof WarehouseUnavailable) return undefined
        throw asRejection(withTakeOver(error, topic.name))
      }
    },
    append: async (block, staged) => {
      if ('select' in block) return await queue.add(block, staged)
      const checking = checkDigits(block.ndjson)
      if (checking === undefined && json.length === 0) return await queue.add(block, staged)
      const rewriting = (async () => {
        await checking
        const ndjson = json.length === 0 ? block.ndjson : await jsonColumnsAsText(block.ndjson, json)
        return await queue.add({ ...block, ndjson })
      })()
      rewritten.add(rewriting)
      try {
        return await rewriting
      } finally {
        rewritten.delete(rewriting)
      }
    },
    end: () => state.end,
    replacedUpTo: async () => {
      while (replacing !== undefined) await replacing
      return state.replaced
    },
    close: async () => {
      await Promise.allSettled(rewritten)
      await queue.close()
    },
  }
}

/** Another server writes the topic now: nobody can say here what has become of the block. */
function withTakeOver(error: unknown, topic: string): unknown {
  return isFenced(error) || error instanceof LeaseLost ? logErrors.taken_over({ topic }, { cause: error }) : error
}
