/** Takes blocks of one topic, in groups, one group at a time. The states are numbered in SPEC.md. */
import type { Appended, AppendedEvent, Block, NdjsonBlock, SelectBlock, Topic } from '#ports/log'
import { LeaseLost, type Lease } from '#ports/leases'
import { BlockRejected } from '#ports/log'
import { WarehouseUnavailable } from '#ports/warehouse'
import type { Entry, Journal } from './journal.ts'
import { jsonColumnsAsText } from './json-columns.ts'
import { logErrors } from './errors.ts'
import { isFenced, type Fence } from './fence.ts'
import { openQueue, rowsOf, type Waiting } from './block-queue.ts'
import { positionOf } from './positions.ts'
import { recover } from './recovery.ts'
import { asRejection } from './rejection.ts'
import type { Staged } from './select-stage.ts'
import type { TopicTable } from './topic-table.ts'

export interface TopicWriter {
  /** Reads a select while others append. Answers nothing where its id is known or the engine away: `append` sees to these. */
  read(block: Block & SelectBlock): Promise<Staged | undefined>
  append(block: Block, staged?: Staged): Promise<Appended>
  end(): bigint
  /** Resolves when no replacement is under way. */
  replacedUpTo(): Promise<bigint>
  /** Resolves when everything taken so far is answered; nothing is taken afterwards. */
  close(): Promise<void>
}

export interface WriterParts {
  readonly topic: Topic
  readonly table: TopicTable
  readonly journal: Journal
  readonly lease: Pick<Lease, 'lost'>
  readonly fence: Fence
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
  const { topic, table, journal, lease, fence } = parts
  const name = { workspace: topic.workspace, name: topic.name }
  const json = topic.columns.flatMap((column) => (column.json === true ? [column.name] : []))
  let { end, replaced } = await recover(name, table, journal)
  let replacing: Promise<unknown> | undefined
  let settled = true
  let unanswered: string | undefined
  const rewritten = new Set<Promise<Appended>>()
  const queue = openQueue({ lingerMs: parts.lingerMs, commit })

  async function commit(group: readonly Waiting[]): Promise<void> {
    const taking = takeEach(group)
    if (group.some(({ block }) => replaces(block))) replacing = taking
    await taking
    replacing = undefined
    for (const { staged } of group) if (staged !== undefined) await table.stages.drop(staged)
  }

  async function takeEach(group: readonly Waiting[]): Promise<void> {
    try {
      await take(group)
    } catch (error) {
      if (group.length > 1 && error instanceof BlockRejected) {
        const half = group.length >> 1
        await takeEach(group.slice(0, half))
        await takeEach(group.slice(half))
      } else {
        for (const waiting of group) waiting.reject(withTakeOver(error))
      }
    }
  }

  /** Another server writes the topic now: nobody can say here what has become of the block. */
  function withTakeOver(error: unknown): unknown {
    return isFenced(error) || error instanceof LeaseLost
      ? logErrors.taken_over({ topic: topic.name }, { cause: error })
      : error
  }

  /** Resolves when each block of the group is answered, rejects when none is taken. */
  async function take(group: readonly Waiting[]): Promise<void> {
    const deadline = parts.now() + parts.patienceMs
    for (;;) {
      lease.lost.throwIfAborted()
      await settle(deadline)
      const fresh = (await ready(group, deadline)) ? await intend(group) : []
      const rows = fresh.reduce((sum, placed) => sum + rowsOf(placed.waiting), 0)
      settled = false
      try {
        if (fresh.some(({ waiting }) => replaces(waiting.block))) await exchange(fresh)
        else if (rows > 0) await insert(fresh, rows)
        settled = true
        acknowledge(fresh, rows)
        return
      } catch (error) {
        if (isFenced(error)) throw error
        const before = end
        const rejection = asRejection(error)
        if (rejection instanceof BlockRejected) unanswered = undefined
        await settle(deadline)
        const exchanged = replaced === before || !fresh.some(({ waiting }) => replaces(waiting.block))
        if (end === before + BigInt(rows) && exchanged) {
          end = before
          acknowledge(fresh, rows)
          return
        }
        if (!(rejection instanceof WarehouseUnavailable) || parts.now() > deadline) throw rejection
      }
    }
  }

  /** A select has its rows read, for the place they take now, unless it is answered from the journal. */
  async function ready([waiting]: readonly Waiting[], deadline: number): Promise<boolean> {
    if (waiting === undefined || !('select' in waiting.block)) return true
    const { block } = waiting
    const known = await journal.find(name, block.id)
    if (known !== undefined) {
      waiting.resolve(answerOf(known))
      return false
    }
    for (let wait = 20; waiting.staged === undefined || !table.stages.fits(waiting.staged, end); wait *= 2) {
      const { staged } = waiting
      try {
        waiting.staged = await (staged === undefined ? table.stages.fill(block, end) : table.stages.moved(staged, end))
        if (staged !== undefined) await table.stages.drop(staged)
      } catch (error) {
        if (!(error instanceof WarehouseUnavailable) || parts.now() + wait > deadline) throw asRejection(error)
        await new Promise((resolve) => setTimeout(resolve, wait))
      }
    }
    const { rows } = waiting.staged
    if (block.count !== undefined && block.count !== rows)
      throw new BlockRejected(`the select answered ${rows} rows where ${block.count} were announced`)
    return true
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
        remembered.map((waiting) => ({
          id: waiting.block.id,
          count: rowsOf(waiting),
          tag: waiting.block.tag,
          replaces: replaces(waiting.block),
          rememberUntil: now + Math.max(topic.rememberIdsMs, waiting.block.rememberMs ?? 0),
        })),
      )
      const byId = new Map(entries.map((entry) => [entry.id, entry]))
      for (const waiting of remembered) {
        const entry = byId.get(waiting.block.id)
        if (entry === undefined)
          throw new Error(`The journal did not answer for block "${waiting.block.id}" of "${topic.name}".`)
        if (entry.known) {
          waiting.resolve(answerOf(entry))
        } else {
          placed.push({ waiting, from: entry.from })
          next = entry.from + BigInt(entry.count)
        }
      }
    }
    for (const waiting of group) {
      if (remembered.includes(waiting)) continue
      placed.push({ waiting, from: next })
      next += BigInt(rowsOf(waiting))
    }
    return placed
  }

  async function exchange([placed]: readonly Placed[]): Promise<void> {
    if (placed?.waiting.staged === undefined) return
    unanswered = fence.statementId()
    await table.exchange(placed.waiting.staged, unanswered)
    unanswered = undefined
    await journal.replaced(name, end)
    replaced = end
  }

  async function insert(fresh: readonly Placed[], rows: number): Promise<void> {
    unanswered = fence.statementId()
    const [first] = fresh
    if (first?.waiting.staged !== undefined) {
      await table.attach(first.waiting.staged, unanswered)
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
        ...placeOf(from, rowsOf(waiting)),
        duplicate: false,
        ...(block.tag === undefined ? {} : { tag: block.tag }),
      }
      waiting.resolve(appended)
      if (replaces(block)) parts.appended({ ...appended, topic: name, replaced: true })
      else if (rowsOf(waiting) > 0) parts.appended({ ...appended, topic: name })
    }
  }

  /** After an answer that did not come: asks the table what is true before anything else is appended. */
  async function settle(deadline: number): Promise<void> {
    for (let wait = 20; !settled; wait = Math.min(wait * 2, 1000)) {
      try {
        if (unanswered !== undefined) await table.endQuery(unanswered)
        ;({ end, replaced } = await recover(name, table, journal))
        unanswered = undefined
        settled = true
      } catch (error) {
        if (!(error instanceof WarehouseUnavailable) || parts.now() + wait > deadline) throw error
        await new Promise((resolve) => setTimeout(resolve, wait))
      }
    }
  }

  return {
    async read(block) {
      try {
        if ((await journal.find(name, block.id)) !== undefined) return undefined
        return await table.stages.fill(block, end)
      } catch (error) {
        if (error instanceof WarehouseUnavailable) return undefined
        throw asRejection(withTakeOver(error))
      }
    },
    append: async (block, staged) => {
      if ('select' in block || json.length === 0) return await queue.add(block, staged)
      const rewriting = jsonColumnsAsText(block.ndjson, json).then((ndjson) => queue.add({ ...block, ndjson }))
      rewritten.add(rewriting)
      try {
        return await rewriting
      } finally {
        rewritten.delete(rewriting)
      }
    },
    end: () => end,
    replacedUpTo: async () => {
      while (replacing !== undefined) await replacing
      return replaced
    },
    close: async () => {
      await Promise.allSettled(rewritten)
      await queue.close()
    },
  }
}

function replaces(block: Block): boolean {
  return 'select' in block && block.replace === true
}

function answerOf(entry: Entry): Appended {
  const { from, count, tag } = entry
  return { ...placeOf(from, count), duplicate: true, ...(tag === undefined ? {} : { tag }) }
}

function placeOf(from: bigint, rows: number): Pick<Appended, 'rows' | 'to'> {
  return { rows, to: positionOf(from + BigInt(rows) - 1n) }
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
