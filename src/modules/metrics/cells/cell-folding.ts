/**
 * Folds acknowledged rows into cells, topic by topic. The states of a folding and what holds in
 * each stand in SPEC.md.
 *
 * A round takes every metric of a topic up to the topic's end, one insert each. Between rounds it
 * rests in proportion to the work, so under load folds become few and large.
 */
import { randomUUID } from 'node:crypto'
import type { Clock } from '#ports/clock'
import type { Log, TopicName } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import type { CellsTable } from './cells.ts'
import type { CompiledMetric } from '../definition/compile.ts'
import { foldRange, readReach, settled } from './fold.ts'

export interface Folding {
  readonly topic: TopicName
  readonly metric: CompiledMetric
  readonly cells: CellsTable
  /** The last fold that added something went up to here: what the cells say of themselves. */
  readonly reach: bigint
  /** No row after `reach` up to here counts. */
  readonly folded: bigint
  /** It has reached the end that its topic had when it began. */
  readonly started: boolean
  readonly removed: boolean
  /** Why the last try failed, until one succeeds. */
  readonly failure: string | undefined
}

export interface FolderParts {
  readonly warehouse: Warehouse
  readonly log: Pick<Log, 'onAppended'>
  readonly clock: Clock
  /** The last acknowledged position of a topic. */
  readonly end: (topic: TopicName) => Promise<bigint>
  readonly onFolded: (folding: Folding, from: bigint, to: bigint) => void
  readonly onFailure: (folding: Folding, error: unknown) => void
  /** Its cells reach past the end of the topic: they are of rows that were lost, and it is folded no more. */
  readonly onAhead: (folding: Folding) => void
}

export interface Folder {
  add(topic: TopicName, metric: CompiledMetric, cells: CellsTable): Folding
  /** Resolves when no fold of it is on its way any more. */
  remove(folding: Folding): Promise<void>
  readonly foldings: Iterable<Folding>
  readonly work: FoldWork
  close(): Promise<void>
}

export interface FoldWork {
  readonly folds: number
  readonly rows: number
  readonly seconds: number
  readonly failures: number
}

/** More rows at once would take much memory and hold up the other metrics of the topic. */
const mostRows = 500_000n
const rest = { leastMs: 50, mostMs: 500, perWork: 1.5 }
/** Folds of a topic at once: one waits for the disk while the other computes. */
const atOnce = 2
const retry = { firstMs: 200, mostMs: 2_000 }

interface OwnFolding extends Folding {
  reach: bigint
  folded: bigint
  started: boolean
  failure: string | undefined
  /** Whether `reach` is what the cells hold. */
  known: boolean
  /** A fold whose outcome is not known. */
  doubtful: string | undefined
  /** After a doubtful fold, what the next one did is read from the cells. */
  recovering: boolean
  attempt: number
  target: bigint | undefined
  retryAt: number
  retryMs: number
  busy: Promise<void> | undefined
  removed: boolean
}

interface TopicFolds {
  readonly topic: TopicName
  readonly foldings: Set<OwnFolding>
  dirty: boolean
  wake: () => void
  running: Promise<void>
}

export function openFolder({ warehouse, log, clock, end: endOf, onFolded, onFailure, onAhead }: FolderParts): Folder {
  const topics = new Map<string, TopicFolds>()
  const closing = new AbortController()
  const work = { folds: 0, rows: 0, seconds: 0, failures: 0 }
  const listening = log.onAppended(({ topic }) => {
    const folds = topics.get(keyOf(topic))
    if (folds) wake(folds)
  })

  function wake(folds: TopicFolds): void {
    folds.dirty = true
    folds.wake()
  }

  async function run(folds: TopicFolds): Promise<void> {
    while (!closing.signal.aborted && folds.foldings.size > 0) {
      if (!folds.dirty) await new Promise<void>((resolve) => (folds.wake = resolve))
      if (closing.signal.aborted) return
      folds.dirty = false
      const before = work.seconds
      const pause = await round(folds)
      const busyMs = (work.seconds - before) * 1000
      const ms = Math.max(pause, Math.min(rest.mostMs, Math.max(rest.leastMs, busyMs * rest.perWork)))
      await clock.sleep(ms, closing.signal).catch(() => undefined)
    }
  }

  /** Answers how long to wait at least before the next one. */
  async function round(folds: TopicFolds): Promise<number> {
    const end = await endOf(folds.topic).catch((error: unknown) => {
      for (const folding of folds.foldings) onFailure(folding, error)
      return undefined
    })
    if (end === undefined) {
      folds.dirty = true
      return retry.mostMs
    }
    const due = [...folds.foldings].filter((folding) => folding.retryAt <= clock.now())
    const worker = async (): Promise<void> => {
      for (let folding = due.shift(); folding; folding = due.shift()) {
        if (folding.removed || closing.signal.aborted) continue
        folding.busy = foldOnce(folds, folding, end)
        await folding.busy
        folding.busy = undefined
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    const open = [...folds.foldings].filter((folding) => folding.folded < end || !folding.known)
    if (open.length > 0) folds.dirty = true
    const waits = open.map((folding) => Math.max(0, folding.retryAt - clock.now()))
    return waits.length > 0 ? Math.min(...waits) : 0
  }

  async function foldOnce(folds: TopicFolds, folding: OwnFolding, end: bigint): Promise<void> {
    const began = performance.now()
    try {
      if (folding.doubtful !== undefined) {
        await settled(warehouse, clock, folding.doubtful)
        folding.doubtful = undefined
        folding.recovering = true
      }
      if (!folding.known) {
        folding.reach = await readReach(warehouse, folding.cells)
        folding.folded = folding.reach
        folding.known = true
        if (folding.folded > end) {
          folding.removed = true
          folds.foldings.delete(folding)
          return onAhead(folding)
        }
      }
      folding.target ??= end
      if (folding.folded < end) await foldOn(folding, end)
      if (folding.folded >= folding.target) folding.started = true
      folding.failure = undefined
      folding.retryMs = retry.firstMs
    } catch (error) {
      if (folding.removed || closing.signal.aborted) return
      folding.failure = error instanceof Error ? error.message : String(error)
      folding.retryAt = clock.now() + folding.retryMs
      folding.retryMs = Math.min(retry.mostMs, folding.retryMs * 2)
      work.failures++
      onFailure(folding, error)
    } finally {
      work.seconds += (performance.now() - began) / 1000
    }
  }

  async function foldOn(folding: OwnFolding, end: bigint): Promise<void> {
    const from = folding.folded
    const to = end - from > mostRows ? from + mostRows : end
    const queryId = randomUUID()
    folding.known = false
    folding.doubtful = queryId
    const added = await foldRange(
      warehouse,
      folding,
      { from, to, reach: folding.reach, attempt: folding.attempt },
      { queryId, lane: folding.started ? 'ingest' : 'batch' },
    )
    folding.doubtful = undefined
    if (!added || folding.recovering) {
      const reach = await readReach(warehouse, folding.cells)
      if (added && reach === folding.reach) folding.attempt++
      if (reach !== (added ? to : folding.reach)) return
    }
    folding.known = true
    folding.recovering = false
    folding.attempt = 0
    if (added) folding.reach = to
    folding.folded = to
    work.folds++
    work.rows += Number(to - from)
    onFolded(folding, from, to)
  }

  return {
    add(topic, metric, cells) {
      const folding: OwnFolding = {
        topic,
        metric,
        cells,
        reach: 0n,
        folded: 0n,
        started: false,
        failure: undefined,
        known: false,
        doubtful: undefined,
        recovering: false,
        attempt: 0,
        target: undefined,
        retryAt: 0,
        retryMs: retry.firstMs,
        busy: undefined,
        removed: false,
      }
      const key = keyOf(topic)
      const known = topics.get(key)
      if (known) {
        known.foldings.add(folding)
        wake(known)
        return folding
      }
      const folds: TopicFolds = {
        topic,
        foldings: new Set([folding]),
        dirty: true,
        wake: () => undefined,
        running: Promise.resolve(),
      }
      topics.set(key, folds)
      folds.running = run(folds)
      return folding
    },
    async remove(folding) {
      const own = folding as OwnFolding
      own.removed = true
      const folds = topics.get(keyOf(folding.topic))
      folds?.foldings.delete(own)
      if (folds?.foldings.size === 0) {
        topics.delete(keyOf(folding.topic))
        wake(folds)
      }
      await own.busy
    },
    get foldings() {
      return [...topics.values()].flatMap((folds) => [...folds.foldings])
    },
    work,
    async close() {
      listening.close()
      closing.abort()
      for (const folds of topics.values()) folds.wake()
      await Promise.all([...topics.values()].map((folds) => folds.running))
    },
  }
}

function keyOf({ workspace, name }: TopicName): string {
  return `${workspace}/${name}`
}
