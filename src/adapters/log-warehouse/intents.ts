/** Gives the blocks of a group their rows: remembered ids from the journal, the others behind them. */
import type { Appended, Block, TopicName } from '#ports/log'
import { rowsOf, type Waiting } from './block-queue.ts'
import type { Entry, Journal } from './journal.ts'
import { positionOf } from './positions.ts'

export interface Placed {
  readonly waiting: Waiting
  /** The number of its first row. */
  readonly from: bigint
}

export interface IntentParts {
  readonly topic: TopicName
  readonly journal: Journal
  /** Rows are numbered behind it. */
  readonly end: bigint
  /** Until when the id of a block is remembered. */
  readonly rememberUntil: (block: Block) => number
}

/** Blocks whose ids must be found in the journal later. */
export function isRemembered({ block }: Waiting): boolean {
  return block.once !== true || 'select' in block
}

/** Records the intents of remembered blocks, answers those whose id is known, and returns the others with their rows. */
export async function intend(group: readonly Waiting[], parts: IntentParts): Promise<Placed[]> {
  const remembered = group.filter(isRemembered)
  const placed = remembered.length === 0 ? [] : await intendRemembered(remembered, parts)
  const last = placed.at(-1)
  let next = last === undefined ? parts.end + 1n : last.from + BigInt(rowsOf(last.waiting))
  for (const waiting of group) {
    if (isRemembered(waiting)) continue
    placed.push({ waiting, from: next })
    next += BigInt(rowsOf(waiting))
  }
  return placed
}

async function intendRemembered(
  remembered: readonly Waiting[],
  { topic, journal, end, rememberUntil }: IntentParts,
): Promise<Placed[]> {
  const entries = await journal.intend(
    topic,
    end,
    remembered.map((waiting) => ({
      id: waiting.block.id,
      count: rowsOf(waiting),
      tag: waiting.block.tag,
      replaces: replaces(waiting.block),
      rememberUntil: rememberUntil(waiting.block),
    })),
  )
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const placed: Placed[] = []
  for (const waiting of remembered) {
    const entry = byId.get(waiting.block.id)
    if (entry === undefined)
      throw new Error(`The journal did not answer for block "${waiting.block.id}" of "${topic.name}".`)
    if (entry.known) waiting.resolve(answerOf(entry))
    else placed.push({ waiting, from: entry.from })
  }
  return placed
}

export function replaces(block: Block): boolean {
  return 'select' in block && block.replace === true
}

/** What a block that was appended before is answered. */
export function answerOf(entry: Entry): Appended {
  const { from, count, tag } = entry
  return { ...placeOf(from, count), duplicate: true, ...(tag === undefined ? {} : { tag }) }
}

/** What a block is answered that is appended now. */
export function appendedOf({ waiting, from }: Placed): Appended {
  const { tag } = waiting.block
  return { ...placeOf(from, rowsOf(waiting)), duplicate: false, ...(tag === undefined ? {} : { tag }) }
}

function placeOf(from: bigint, rows: number): Pick<Appended, 'rows' | 'to'> {
  return { rows, to: positionOf(from + BigInt(rows) - 1n) }
}
