/** Folds acknowledged rows into cells, topic by topic. SPEC.md lists the states of a folding and what holds in each. */
import { keyCounts } from '#core/key-counts'
import type { Clock } from '#ports/clock'
import type { Leases } from '#ports/leases'
import type { Log, TopicName } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import type { CompiledMetric } from '../definition/compile.ts'
import type { CellsTable } from './cells.ts'
import type { FoldWork } from './metric-step.ts'
import { newFolding, type Folding, type FoldingState } from './folding-state.ts'
import { startTopicFolding, type TopicFolding, type TopicFoldingParts } from './topic-loop.ts'
import { topicLeases } from './topic-leases.ts'

export interface CellFoldingParts extends Pick<
  TopicFoldingParts,
  'end' | 'generation' | 'onFolded' | 'onFailure' | 'onAhead'
> {
  readonly warehouse: Warehouse
  readonly log: Pick<Log, 'onAppended' | 'positions'>
  readonly clock: Clock
  readonly leases: Leases
}

export interface CellFolding {
  add(topic: TopicName, metric: CompiledMetric, cells: CellsTable, generation: string): Folding
  /** Resolves when no fold of it is on its way any more. */
  remove(folding: Folding): Promise<void>
  /** Folds the rows of a metric soon after they come, until closed. Without that it is folded seldom. */
  watch(workspace: string, code: string): { close(): void }
  readonly foldings: Iterable<Folding>
  readonly work: FoldWork
  close(): Promise<void>
}

export function openCellFolding({ log, leases: allLeases, ...parts }: CellFoldingParts): CellFolding {
  const topics = new Map<string, TopicFolding>()
  const closing = new AbortController()
  const leases = topicLeases(allLeases, closing.signal)
  const work = { folds: 0, rows: 0, seconds: 0, failures: 0 }
  const watchers = keyCounts()
  const isWatched = ({ topic: { workspace }, metric }: Folding): boolean =>
    watchers.has(keyOf({ workspace, name: metric.definition.code }))
  const listening = log.onAppended(({ topic, to }) => topics.get(keyOf(topic))?.appended(to))

  return {
    add(topic, metric, cells, generation) {
      const folding = newFolding({ topic, metric, cells, generation }, log.positions.start)
      const key = keyOf(topic)
      const known = topics.get(key)
      if (known) {
        known.foldings.add(folding)
        known.wake()
      } else
        topics.set(
          key,
          startTopicFolding(
            { ...parts, positions: log.positions, leases, isWatched, work, closing: closing.signal },
            topic,
            folding,
          ),
        )
      return folding
    },
    async remove(folding) {
      const own = folding as FoldingState
      own.removed = true
      const key = keyOf(folding.topic)
      const topic = topics.get(key)
      topic?.foldings.delete(own)
      if (topic?.foldings.size === 0) {
        topics.delete(key)
        topic.wake()
      }
      await own.busy
    },
    watch(workspace, code) {
      const key = keyOf({ workspace, name: code })
      watchers.increment(key)
      for (const topic of topics.values()) if ([...topic.foldings].some(isWatched)) topic.wake()
      let open = true
      return {
        close() {
          if (!open) return
          open = false
          watchers.decrement(key)
        },
      }
    },
    get foldings() {
      return [...topics.values()].flatMap((topic) => [...topic.foldings])
    },
    work,
    async close() {
      listening.close()
      closing.abort()
      for (const topic of topics.values()) topic.wake()
      await Promise.all([...topics.values()].map((topic) => topic.ended))
      await leases.release()
    },
  }
}

function keyOf({ workspace, name }: TopicName): string {
  return `${workspace}/${name}`
}
