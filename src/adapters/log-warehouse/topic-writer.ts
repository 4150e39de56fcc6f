/** Takes blocks of one topic, in groups, one group at a time. The states are numbered in SPEC.md. */
import { randomUUID } from 'node:crypto'
import type { Appended, AppendedEvent, Block, NdjsonBlock, Topic } from '#ports/log'
import { BlockRejected } from '#ports/log'
import { WarehouseUnavailable } from '#ports/warehouse'
import type { Journal } from './journal.ts'
import { openQueue, type Waiting } from './block-queue.ts'
import { recover } from './recovery.ts'
import { asRejection } from './rejection.ts'
import type { TopicTable } from './topic-table.ts'

export interface TopicWriter {
  append(block: Block): Promise<Appended>
  end(): bigint
  /** Resolves when everything taken so far is answered; nothing is taken afterwards. */
  close(): Promise<void>
}

export interface WriterParts {
  readonly topic: Topic
  readonly table: TopicTable
  readonly journal: Journal
  readonly now: () => number
  readonly lingerMs: number
  /** How long a group waits for an engine that died under it. */
  readonly patienceMs: number
  readonly appended: (event: AppendedEvent) => void
}

interface Placed {
  readonly waiting: Waiting
  readonly from: bigint
}

export async function openTopicWriter(parts: WriterParts): Promise<TopicWriter> {
  const { topic, table, journal } = parts
  const name = { workspace: topic.workspace, name: topic.name }
  let end = await recover(name, table, journal)
  let settled = true
  let unanswered: string | undefined
  const queue = openQueue({ lingerMs: parts.lingerMs, commit })

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      await take(group)
    } catch (error) {
      if (group.length > 1 && error instanceof BlockRejected) {
        const half = group.length >> 1
        await commit(group.slice(0, half))
        await commit(group.slice(half))
      } else {
        for (const waiting of group) waiting.reject(error)
      }
    }
  }

  /** Resolves when each block of the group is answered, rejects when none is taken. */
  async function take(group: readonly Waiting[]): Promise<void> {
    const deadline = parts.now() + parts.patienceMs
    for (;;) {
      await settle(deadline)
      const fresh = await intend(group)
      const rows = fresh.reduce((sum, placed) => sum + placed.waiting.block.count, 0)
      settled = false
      try {
        if (rows > 0) await insert(fresh, rows)
        settled = true
        acknowledge(fresh, rows)
        return
      } catch (error) {
        const before = end
        const rejection = asRejection(error)
        if (rejection instanceof BlockRejected) unanswered = undefined
        await settle(deadline)
        if (end === before + BigInt(rows)) {
          end = before
          acknowledge(fresh, rows)
          return
        }
        if (!(rejection instanceof WarehouseUnavailable) || parts.now() > deadline) throw rejection
      }
    }
  }

  /** Intents first: remembered ids of the group get their places, known ones their answer. */
  async function intend(group: readonly Waiting[]): Promise<Placed[]> {
    const remembered = group.filter(({ block }) => block.once !== true || 'select' in block)
    const placed: Placed[] = []
    let next = end + 1n
    if (remembered.length > 0) {
      settled = false
      const now = parts.now()
      const entries = await journal.intend(
        name,
        end,
        remembered.map(({ block }) => ({
          id: block.id,
          count: block.count,
          tag: block.tag,
          rememberUntil: now + Math.max(topic.rememberIdsMs, block.rememberMs ?? 0),
        })),
      )
      const byId = new Map(entries.map((entry) => [entry.id, entry]))
      for (const waiting of remembered) {
        const entry = byId.get(waiting.block.id)
        if (entry === undefined)
          throw new Error(`The journal did not answer for block "${waiting.block.id}" of "${topic.name}".`)
        if (entry.known) {
          waiting.resolve({
            ...span(entry.from, entry.count),
            duplicate: true,
            ...(entry.tag === undefined ? {} : { tag: entry.tag }),
          })
        } else {
          placed.push({ waiting, from: entry.from })
          next = entry.from + BigInt(entry.count)
        }
      }
    }
    for (const waiting of group) {
      if (remembered.includes(waiting)) continue
      placed.push({ waiting, from: next })
      next += BigInt(waiting.block.count)
    }
    return placed
  }

  async function insert(fresh: readonly Placed[], rows: number): Promise<void> {
    unanswered = randomUUID()
    const [first] = fresh
    if (first !== undefined && 'select' in first.waiting.block) {
      await table.insertSelect(first.waiting.block, end, unanswered)
    } else {
      await table.insert(
        { ndjson: together(fresh.map((placed) => placed.waiting.block as NdjsonBlock)), count: rows },
        end,
        unanswered,
      )
    }
    unanswered = undefined
  }

  function acknowledge(fresh: readonly Placed[], rows: number): void {
    end += BigInt(rows)
    for (const { waiting, from } of fresh) {
      const { block } = waiting
      const appended: Appended = {
        ...span(from, block.count),
        duplicate: false,
        ...(block.tag === undefined ? {} : { tag: block.tag }),
      }
      waiting.resolve(appended)
      if (block.count > 0) parts.appended({ ...appended, topic: name })
    }
  }

  /** After an answer that did not come: asks the table what is true before anything else is appended. */
  async function settle(deadline: number): Promise<void> {
    for (let wait = 20; !settled; wait = Math.min(wait * 2, 1000)) {
      try {
        if (unanswered !== undefined) await table.released(unanswered)
        end = await recover(name, table, journal)
        unanswered = undefined
        settled = true
      } catch (error) {
        if (!(error instanceof WarehouseUnavailable) || parts.now() + wait > deadline) throw error
        await new Promise((resolve) => setTimeout(resolve, wait))
      }
    }
  }

  return { append: (block) => queue.add(block), end: () => end, close: () => queue.close() }
}

function span(from: bigint, count: number): { from: bigint; to: bigint } {
  return { from, to: from + BigInt(count) - 1n }
}

const newline = Buffer.from('\n')

function together(blocks: readonly NdjsonBlock[]): Uint8Array {
  const [first] = blocks
  if (blocks.length === 1 && first !== undefined) return first.ndjson
  const pieces: Uint8Array[] = []
  for (const block of blocks) {
    if (block.count === 0) continue
    pieces.push(block.ndjson)
    if (block.ndjson.at(-1) !== 10) pieces.push(newline)
  }
  return Buffer.concat(pieces)
}
