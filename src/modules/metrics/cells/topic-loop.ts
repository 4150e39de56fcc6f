/**
 * Folds one topic. A round takes every metric of it up to the topic's end, one insert each. Between
 * rounds it rests in proportion to the work, so under load folds become few and large. A metric that
 * nobody watches rests longer: a fold costs nearly the same for one row as for thousands, and answers
 * add the rows that are not folded yet.
 */
import type { Position, TopicName } from '#ports/log'
import { foldStep, type FoldStepParts } from './metric-step.ts'
import { retry, type Folding, type FoldingState } from './folding-state.ts'
import type { TopicLeases } from './topic-leases.ts'

const rest = { minMs: 50, maxMs: 500, perWork: 1.5 }
/** How long a metric rests after a fold while nobody watches it, and how many rows end that rest. */
const unwatched = { restMs: 30_000, maxRows: 20_000 }
/** Of the folds of a topic, one waits for the disk while another computes. */
const concurrency = 2

export interface TopicFoldingParts extends FoldStepParts {
  readonly leases: Pick<TopicLeases, 'hold'>
  /** The last acknowledged position of a topic. */
  readonly end: (topic: TopicName) => Promise<Position>
  /** Of the rows that are there now. Asked after the end, so that rows of a replacement come with its generation. */
  readonly generation: (topic: TopicName) => Promise<string>
  /** Its cells reach past the end of the topic: they are of rows that were lost, and it is folded no more. */
  readonly onAhead: (folding: Folding) => void
  readonly isWatched: (folding: Folding) => boolean
}

export interface TopicFolding {
  readonly foldings: Set<FoldingState>
  /** Rows came, up to a position. */
  appended(to: Position): void
  /** A metric was added or removed, or is watched now: every rest ends. */
  wake(): void
  /** Resolves when its loop has ended: no metric is left, or it was closed. */
  readonly ended: Promise<void>
}

export function startTopicFolding(parts: TopicFoldingParts, topic: TopicName, first: FoldingState): TopicFolding {
  const { clock, closing, work, positions } = parts
  const foldings = new Set([first])
  let dirty = true
  let urgent = false
  let resume = (): void => undefined
  let longRest: AbortController | undefined
  let seen = positions.start

  async function run(): Promise<void> {
    while (!closing.aborted && foldings.size > 0) {
      if (!dirty) await new Promise<void>((resolve) => (resume = resolve))
      if (closing.aborted) return
      dirty = urgent = false
      const before = work.seconds
      const { end, pauseMs, restMs, again } = await round(parts, topic, foldings)
      seen = end ?? seen
      if (again) dirty = true
      const busyMs = (work.seconds - before) * 1000
      const ms = Math.max(pauseMs, Math.min(rest.maxMs, Math.max(rest.minMs, busyMs * rest.perWork)))
      await clock.sleep(ms, closing).catch(() => undefined)
      if (restMs > ms && !urgent) await restLong(restMs - ms)
    }
  }
  async function restLong(ms: number): Promise<void> {
    longRest = new AbortController()
    await clock.sleep(ms, AbortSignal.any([closing, longRest.signal])).catch(() => undefined)
    longRest = undefined
  }
  function wake(): void {
    dirty = urgent = true
    longRest?.abort()
    resume()
  }

  return {
    foldings,
    wake,
    appended(to) {
      if (positions.rowsBetween(seen, to) >= unwatched.maxRows || [...foldings].some(parts.isWatched)) return wake()
      dirty = true
      resume()
    },
    ended: run(),
  }
}

interface Round {
  /** The end of the topic, where it could be asked. */
  readonly end: Position | undefined
  /** How long to wait at least before the next one. */
  readonly pauseMs: number
  /** How long to wait when nothing urgent comes. */
  readonly restMs: number
  /** Something is left to fold. */
  readonly again: boolean
}

async function round(parts: TopicFoldingParts, topic: TopicName, foldings: Set<FoldingState>): Promise<Round> {
  const { clock, closing, leases, positions } = parts
  const now = await becomeOnlyFolder(leases, topic, foldings)
    .then(() => endAndGeneration(parts, topic))
    .catch((error: unknown) => {
      if (!closing.aborted) for (const folding of foldings) parts.onFailure(folding, error)
      return undefined
    })
  if (now === undefined) return { end: undefined, pauseMs: retry.maxMs, restMs: 0, again: true }
  const { end, generation } = now
  // Cells of replaced rows are left as they are until the catalogue puts others in their place.
  const current = [...foldings].filter((folding) => folding.generation === generation)
  const rests = (folding: FoldingState): boolean =>
    folding.started &&
    folding.known &&
    folding.restUntil > clock.now() &&
    positions.rowsBetween(folding.folded, end) < unwatched.maxRows &&
    !parts.isWatched(folding)
  const due = current.filter((folding) => folding.retryAt <= clock.now() && !rests(folding))
  const worker = async (): Promise<void> => {
    for (let folding = due.shift(); folding; folding = due.shift()) {
      if (folding.removed || closing.aborted) continue
      const before = folding.folded
      const step = foldStep(parts, folding, end)
      folding.busy = step.then(() => undefined)
      const outcome = await step
      folding.busy = undefined
      if (folding.folded !== before) folding.restUntil = clock.now() + unwatched.restMs
      if (outcome !== 'ahead') continue
      folding.removed = true
      foldings.delete(folding)
      parts.onAhead(folding)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  const open = current.filter((folding) => !positions.covers(folding.folded, end) || !folding.known)
  const [resting, waiting] = [open.filter(rests), open.filter((folding) => !rests(folding))]
  const least = (times: readonly number[]): number => Math.max(0, Math.min(...times) - clock.now())
  return {
    end,
    pauseMs: waiting.length > 0 ? least(waiting.map(({ retryAt }) => retryAt)) : 0,
    restMs: waiting.length === 0 && resting.length > 0 ? least(resting.map(({ restUntil }) => restUntil)) : 0,
    again: open.length > 0,
  }
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
): Promise<{ end: Position; generation: string }> {
  const last = await end(topic)
  return { end: last, generation: await generation(topic) }
}
