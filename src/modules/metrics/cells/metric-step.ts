/** One step of one folding: as far as it can go in one insert, whatever state it is in. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '#ports/clock'
import type { Position, Positions } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import { foldRange, readReach } from './fold-insert.ts'
import { retry, type Folding, type FoldingState } from './folding-state.ts'

/** More rows in one insert would take much memory and hold up the other metrics of the topic. */
const maxRows = 500_000

export interface FoldWork {
  readonly folds: number
  readonly rows: number
  readonly seconds: number
  readonly failures: number
}

export interface FoldStepParts {
  readonly warehouse: Warehouse
  readonly clock: Clock
  readonly positions: Positions
  readonly closing: AbortSignal
  readonly work: { -readonly [K in keyof FoldWork]: FoldWork[K] }
  readonly onFolded: (folding: Folding, from: Position, to: Position) => void
  readonly onFailure: (folding: Folding, error: unknown) => void
}

/** Returns `ahead` when the cells reach past the end of the topic; a failure sets the time of the next try. */
export async function foldStep(
  parts: FoldStepParts,
  folding: FoldingState,
  end: Position,
): Promise<'done' | 'failed' | 'ahead'> {
  const { warehouse, clock, closing, work, positions } = parts
  const began = performance.now()
  try {
    if (folding.doubtful !== undefined) {
      await warehouse.endQuery(folding.doubtful)
      folding.doubtful = undefined
      folding.recovering = true
    }
    if (!folding.known) {
      folding.reach = await readReach(warehouse, folding.cells, positions)
      folding.folded = folding.reach
      folding.known = true
      if (!positions.covers(end, folding.folded)) return 'ahead'
    }
    folding.target ??= end
    if (!positions.covers(folding.folded, end)) await foldOn(parts, folding, end)
    if (positions.covers(folding.folded, folding.target)) folding.started = true
    folding.failure = undefined
    folding.retryMs = retry.firstMs
    return 'done'
  } catch (error) {
    if (folding.removed || closing.aborted) return 'failed'
    folding.failure = error instanceof Error ? error.message : String(error)
    folding.retryAt = clock.now() + folding.retryMs
    folding.retryMs = Math.min(retry.maxMs, folding.retryMs * 2)
    work.failures++
    parts.onFailure(folding, error)
    return 'failed'
  } finally {
    work.seconds += (performance.now() - began) / 1000
  }
}

async function foldOn(
  { warehouse, work, onFolded, positions }: FoldStepParts,
  folding: FoldingState,
  end: Position,
): Promise<void> {
  const from = folding.folded
  const to = positions.advance(from, end, maxRows)
  const queryId = randomUUID()
  folding.known = false
  folding.doubtful = queryId
  const added = await foldRange(
    warehouse,
    { ...folding, positions: positions.sql },
    { from, to, reach: folding.reach, attempt: folding.attempt },
    { queryId, lane: folding.started ? 'ingest' : 'batch' },
  )
  folding.doubtful = undefined
  if (!added || folding.recovering) {
    const reach = await readReach(warehouse, folding.cells, positions)
    if (added && reach === folding.reach) folding.attempt++
    if (reach !== (added ? to : folding.reach)) return
  }
  folding.known = true
  folding.recovering = false
  folding.attempt = 0
  if (added) folding.reach = to
  folding.folded = to
  work.folds++
  work.rows += positions.rowsBetween(from, to)
  onFolded(folding, from, to)
}
