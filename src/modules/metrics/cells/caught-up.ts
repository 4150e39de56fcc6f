import type { Clock } from '#ports/clock'
import type { Log, Position, TopicName } from '#ports/log'
import type { CellFolding } from './fold-topics.ts'
import type { Folding } from './folding-state.ts'

export interface CaughtUpParts {
  readonly clock: Clock
  readonly positions: Log['positions']
  readonly end: (topic: TopicName) => Promise<Position>
}

const maxWaitMs = 2_000
const lookAgainMs = 10

/**
 * Waits until the cells of a workspace hold every row acknowledged so far, for those who read cells
 * without the rows that are not folded yet (the views). Under more load than that it gives up waiting.
 */
export function caughtUp(
  cellFolding: Pick<CellFolding, 'foldings' | 'watch'>,
  { clock, positions, end }: CaughtUpParts,
) {
  const isBehind = ({ folding, end }: { readonly folding: Folding; readonly end: Position }): boolean =>
    !folding.removed && folding.failure === undefined && !positions.covers(folding.folded, end)
  return async (workspace: string, signal?: AbortSignal): Promise<void> => {
    const own = [...cellFolding.foldings].filter(({ topic }) => topic.workspace === workspace)
    const targets = await Promise.all(own.map(async (folding) => ({ folding, end: await end(folding.topic) })))
    const behind = targets.filter(isBehind)
    if (behind.length === 0) return
    const watching = behind.map(({ folding }) => cellFolding.watch(workspace, folding.metric.definition.code))
    try {
      const deadline = clock.now() + maxWaitMs
      while (behind.some(isBehind) && clock.now() < deadline) await clock.sleep(lookAgainMs, signal)
    } finally {
      for (const watched of watching) watched.close()
    }
  }
}
