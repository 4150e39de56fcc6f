import type { Position, TopicName } from '#ports/log'
import type { CompiledMetric } from '../definition/compile.ts'
import type { CellsTable } from './cells.ts'

/** A metric whose rows are folded into its cells. SPEC.md has its states. */
export interface Folding {
  readonly topic: TopicName
  readonly metric: CompiledMetric
  readonly cells: CellsTable
  /** Of which generation of its dataset the cells are. */
  readonly generation: string
  /** The last fold that added something went up to here: what the cells say of themselves. */
  readonly reach: Position
  /** No row after `reach` up to here counts. */
  readonly folded: Position
  /** It has reached the end that its topic had when it began. */
  readonly started: boolean
  readonly removed: boolean
  /** Why the last try failed, until one succeeds. */
  readonly failure: string | undefined
}

/** The same, as the code that folds it sees it. */
export interface FoldingState extends Folding {
  reach: Position
  folded: Position
  started: boolean
  failure: string | undefined
  removed: boolean
  /** Whether `reach` is what the cells hold. */
  known: boolean
  /** The query id of a fold whose outcome is not known. */
  doubtful: string | undefined
  /** After a doubtful fold, what the next one did is read from the cells. */
  recovering: boolean
  attempt: number
  target: Position | undefined
  retryAt: number
  /** While nobody watches the metric, it is not folded before then, unless many rows wait. */
  restUntil: number
  retryMs: number
  busy: Promise<void> | undefined
}

export const retry = { firstMs: 200, maxMs: 2_000 }

export function newFolding(
  { topic, metric, cells, generation }: Pick<Folding, 'topic' | 'metric' | 'cells' | 'generation'>,
  start: Position,
): FoldingState {
  return {
    topic,
    metric,
    cells,
    generation,
    reach: start,
    folded: start,
    started: false,
    failure: undefined,
    removed: false,
    known: false,
    doubtful: undefined,
    recovering: false,
    attempt: 0,
    target: undefined,
    retryAt: 0,
    restUntil: 0,
    retryMs: retry.firstMs,
    busy: undefined,
  }
}
