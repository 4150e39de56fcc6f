/** Writes one group of blocks: from state 1 to state 1 of SPEC.md. */
import {
  BlockRejected,
  type AppendedEvent,
  type Block,
  type NdjsonBlock,
  type SelectBlock,
  type Topic,
} from '#ports/log'
import type { Lease } from '#ports/leases'
import { WarehouseUnavailable } from '#ports/warehouse'
import { rowsOf, type Waiting } from './block-queue.ts'
import { isFenced, type Fence } from './fence.ts'
import { answerOf, appendedOf, intend, isRemembered, replaces, type Placed } from './intents.ts'
import { asRejection } from './rejection.ts'
import { makeCertain, whileAway, type StateParts, type WriterState } from './writer-state.ts'

export interface GroupParts extends StateParts {
  readonly topic: Topic
  readonly lease: Pick<Lease, 'lost'>
  readonly fence: Fence
  /** How long a group waits for an engine that died under it. */
  readonly patienceMs: number
  readonly appended: (event: AppendedEvent) => void
}

/** Resolves when each block of the group is answered, rejects when none is written. */
export async function writeGroup(parts: GroupParts, state: WriterState, group: readonly Waiting[]): Promise<void> {
  const deadline = parts.now() + parts.patienceMs
  for (;;) {
    parts.lease.lost.throwIfAborted()
    await makeCertain(parts, state, deadline)
    const fresh = (await selectIsReady(parts, state, group, deadline)) ? await placeGroup(parts, state, group) : []
    const rows = fresh.reduce((sum, placed) => sum + rowsOf(placed.waiting), 0)
    state.isCertain = false
    try {
      if (fresh.some(({ waiting }) => replaces(waiting.block))) await exchange(parts, state, fresh)
      else if (rows > 0) await insert(parts, state, fresh, rows)
      state.isCertain = true
      return acknowledge(parts, state, fresh, rows)
    } catch (error) {
      if (isFenced(error)) throw error
      const before = state.end
      const rejection = asRejection(error)
      if (rejection instanceof BlockRejected) state.unanswered = undefined
      await makeCertain(parts, state, deadline)
      const exchanged = state.replaced === before || !fresh.some(({ waiting }) => replaces(waiting.block))
      if (state.end === before + BigInt(rows) && exchanged) {
        state.end = before
        return acknowledge(parts, state, fresh, rows)
      }
      if (!(rejection instanceof WarehouseUnavailable) || parts.now() > deadline) throw rejection
    }
  }
}

/** A select has its rows read, for the place they take now, unless it is answered from the journal: then false. */
async function selectIsReady(
  parts: GroupParts,
  state: WriterState,
  [waiting]: readonly Waiting[],
  deadline: number,
): Promise<boolean> {
  if (waiting === undefined || !('select' in waiting.block)) return true
  const { block } = waiting
  const known = await parts.journal.find(parts.name, block.id)
  if (known !== undefined) {
    waiting.resolve(answerOf(known))
    return false
  }
  await whileAway(parts, deadline, () => fillStage(parts, state, waiting, block)).catch((error: unknown) => {
    throw asRejection(error)
  })
  const rows = rowsOf(waiting)
  if (block.count !== undefined && block.count !== rows)
    throw new BlockRejected(`the select answered ${rows} rows where ${block.count} were announced`)
  return true
}

async function fillStage(
  { table: { stages } }: GroupParts,
  { end }: WriterState,
  waiting: Waiting,
  block: Block & SelectBlock,
): Promise<void> {
  while (waiting.staged === undefined || !stages.fits(waiting.staged, end)) {
    const { staged } = waiting
    waiting.staged = await (staged === undefined ? stages.fill(block, end) : stages.moved(staged, end))
    if (staged !== undefined) await stages.drop(staged)
  }
}

async function placeGroup(
  { topic, name, journal, now }: GroupParts,
  state: WriterState,
  group: readonly Waiting[],
): Promise<Placed[]> {
  if (group.some(isRemembered)) state.isCertain = false
  const began = now()
  return await intend(group, {
    topic: name,
    journal,
    end: state.end,
    rememberUntil: (block) => began + Math.max(topic.rememberIdsMs, block.rememberMs ?? 0),
  })
}

async function exchange(
  { name, table, journal, fence }: GroupParts,
  state: WriterState,
  [placed]: readonly Placed[],
): Promise<void> {
  if (placed?.waiting.staged === undefined) return
  state.unanswered = fence.statementId()
  await table.exchange(placed.waiting.staged, state.unanswered)
  state.unanswered = undefined
  await journal.replaced(name, state.end)
  state.replaced = state.end
}

async function insert(
  { table, fence }: GroupParts,
  state: WriterState,
  fresh: readonly Placed[],
  rows: number,
): Promise<void> {
  state.unanswered = fence.statementId()
  const staged = fresh[0]?.waiting.staged
  if (staged !== undefined) await table.attach(staged, state.unanswered)
  else {
    const ndjson = together(fresh.map((placed) => placed.waiting.block as NdjsonBlock))
    await table.insert({ ndjson, count: rows }, state.end, state.unanswered)
  }
  state.unanswered = undefined
}

function acknowledge({ name, appended }: GroupParts, state: WriterState, fresh: readonly Placed[], rows: number): void {
  state.end += BigInt(rows)
  for (const placed of fresh) {
    const answer = appendedOf(placed)
    placed.waiting.resolve(answer)
    if (replaces(placed.waiting.block)) appended({ ...answer, topic: name, replaced: true })
    else if (answer.rows > 0) appended({ ...answer, topic: name })
  }
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
