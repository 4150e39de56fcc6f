/**
 * Folds one topic. A round takes every metric of it up to the topic's end, one insert each. Between
 * rounds it rests in proportion to the work, so under load folds become few and large.
 */
import type { TopicName } from '#ports/log'
import { foldStep, type FoldStepParts } from './fold-step.ts'
import { retry, type Folding, type FoldingState } from './folding.ts'
import type { TopicLeases } from './topic-leases.ts'

const rest = { minMs: 50, maxMs: 500, perWork: 1.5 }
/** Of the folds of a topic, one waits for the disk while another computes. */
const concurrency = 2

export interface TopicFoldingParts extends FoldStepParts {
  readonly leases: Pick<TopicLeases, 'hold'>
  /** The last acknowledged position of a topic. */
  readonly end: (topic: TopicName) => Promise<bigint>
  /** Of the rows that are there now. Asked after the end, so that rows of a replacement come with its generation. */
  readonly generation: (topic: TopicName) => Promise<string>
  /** Its cells reach past the end of the topic: they are of rows that were lost, and it is folded no more. */
  readonly onAhead: (folding: Folding) => void
}

export interface TopicFolding {
  readonly foldings: Set<FoldingState>
  /** Rows came, or a metric. */
  wake(): void
  /** Resolves when its loop has ended: no metric is left, or it was closed. */
  readonly ended: Promise<void>
}

export function startTopicFolding(parts: TopicFoldingParts, topic: TopicName, first: FoldingState): TopicFolding {
  const { clock, closing, work } = parts
  const foldings = new Set([first])
  let dirty = true
  let resume = (): void => undefined

  async function run(): Promise<void> {
    while (!closing.aborted && foldings.size > 0) {
      if (!dirty) await new Promise<void>((resolve) => (resume = resolve))
      if (closing.aborted) return
      dirty = false
      const before = work.seconds
      const { pauseMs, again } = await round(parts, topic, foldings)
      if (again) dirty = true
      const busyMs = (work.seconds - before) * 1000
      const ms = Math.max(pauseMs, Math.min(rest.maxMs, Math.max(rest.minMs, busyMs * rest.perWork)))
      await clock.sleep(ms, closing).catch(() => undefined)
    }
  }

  return {
    foldings,
    wake() {
      dirty = true
      resume()
    },
    ended: run(),
  }
}

/** Returns how long to wait at least before the next round, and whether something is left to fold. */
async function round(
  parts: TopicFoldingParts,
  topic: TopicName,
  foldings: Set<FoldingState>,
): Promise<{ pauseMs: number; again: boolean }> {
  const { clock, closing, leases } = parts
  const now = await becomeOnlyFolder(leases, topic, foldings)
    .then(() => endAndGeneration(parts, topic))
    .catch((error: unknown) => {
      if (!closing.aborted) for (const folding of foldings) parts.onFailure(folding, error)
      return undefined
    })
  if (now === undefined) return { pauseMs: retry.maxMs, again: true }
  const { end, generation } = now
  // Cells of replaced rows are left as they are until the catalogue puts others in their place.
  const current = [...foldings].filter((folding) => folding.generation === generation)
  const due = current.filter((folding) => folding.retryAt <= clock.now())
  const worker = async (): Promise<void> => {
    for (let folding = due.shift(); folding; folding = due.shift()) {
      if (folding.removed || closing.aborted) continue
      const step = foldStep(parts, folding, end)
      folding.busy = step.then(() => undefined)
      const outcome = await step
      folding.busy = undefined
      if (outcome !== 'ahead') continue
      folding.removed = true
      foldings.delete(folding)
      parts.onAhead(folding)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  const open = current.filter((folding) => folding.folded < end || !folding.known)
  const waits = open.map((folding) => Math.max(0, folding.retryAt - clock.now()))
  return { pauseMs: waits.length > 0 ? Math.min(...waits) : 0, again: open.length > 0 }
}

/** A fold of the server before may still be under way: what the first ones of this server did is read from the cells. */
async function becomeOnlyFolder(
  leases: Pick<TopicLeases, 'hold'>,
  topic: TopicName,
  foldings: Set<FoldingState>,
): Promise<void> {
  if (!(await leases.hold(topic))) return
  for (const folding of foldings) {
    folding.known = false
    folding.recovering = true
  }
}

async function endAndGeneration(
  { end, generation }: Pick<TopicFoldingParts, 'end' | 'generation'>,
  topic: TopicName,
): Promise<{ end: bigint; generation: string }> {
  const last = await end(topic)
  return { end: last, generation: await generation(topic) }
}
