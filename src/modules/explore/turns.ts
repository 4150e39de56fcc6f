/** How many queries of one workspace run at once, so that one tenant cannot take every place of the engine. */
import { semaphore, type Semaphore } from '#core/semaphore'
import { exploreErrors } from './errors.ts'

export interface Turns {
  /** Resolves with the function that gives the turn back. */
  enter(workspace: string, signal: AbortSignal): Promise<() => void>
  take<T>(workspace: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

export function workspaceTurns(concurrency: number, maxWaiting: number): Turns {
  const limits = new Map<string, Semaphore>()

  async function enter(workspace: string, signal: AbortSignal): Promise<() => void> {
    const limit = limits.get(workspace) ?? semaphore({ max: concurrency, maxWaiting })
    limits.set(workspace, limit)
    const forget = (): void => {
      if (limit.running === 0 && limits.get(workspace) === limit) limits.delete(workspace)
    }
    try {
      const leave = await limit.enter({ signal, busy: (waiting) => exploreErrors.busy({ waiting }) })
      return () => {
        leave()
        forget()
      }
    } catch (error) {
      forget()
      throw error
    }
  }

  return {
    enter,
    async take(workspace, signal, work) {
      const leave = await enter(workspace, signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
