import { keyCounts } from '#core/key-counts'

/** How many outlets watch something, by workspace, so that work nobody sees can wait. */
export interface WorkspaceWatchers {
  enter(workspace: string): void
  leave(workspace: string): void
  /** Resolves at once when somebody is there, otherwise when somebody enters or the signal aborts. */
  whenPresent(workspace: string, signal: AbortSignal): Promise<void>
}

export function workspaceWatchers(): WorkspaceWatchers {
  const counts = keyCounts()
  const waiting = new Map<string, Set<() => void>>()
  return {
    enter(workspace) {
      counts.increment(workspace)
      for (const resolve of waiting.get(workspace) ?? []) resolve()
    },
    leave: counts.decrement,
    async whenPresent(workspace, signal) {
      if (counts.has(workspace) || signal.aborted) return
      const resolves = waiting.get(workspace) ?? new Set()
      waiting.set(workspace, resolves)
      let resolve = (): void => undefined
      await new Promise<void>((done) => {
        resolve = done
        resolves.add(done)
        signal.addEventListener('abort', resolve, { once: true })
      })
      signal.removeEventListener('abort', resolve)
      resolves.delete(resolve)
      if (resolves.size === 0) waiting.delete(workspace)
    },
  }
}
