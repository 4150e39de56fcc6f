/** Which tasks run and which wait, in the order in which they came. */
import { workerErrors } from './worker-errors.ts'

export interface TaskTurns {
  /** Resolves when the task may run; its turn lasts until `end`. Rejects when too many wait, or with the reason of the signal. */
  begin(name: string, signal: AbortSignal | undefined): Promise<void>
  end(): void
  readonly queued: number
  /** Refuses those that wait and all that come. */
  close(): void
}

interface Waiting {
  begin(): void
  refuse(): void
}

export function taskTurns({ maxRunning, maxQueued }: { maxRunning: number; maxQueued: number }): TaskTurns {
  let running = 0
  let queue: Waiting[] = []
  let closed = false
  return {
    async begin(name, signal) {
      if (closed) throw workerErrors.died({ task: name })
      if (running < maxRunning) {
        running += 1
        return
      }
      if (queue.length >= maxQueued) throw workerErrors.busy({ task: name, waiting: queue.length })
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const waiting: Waiting = { begin: resolve, refuse: () => reject(workerErrors.died({ task: name })) }
      const abort = (): void => {
        // One whose turn has come goes on, and hears of the signal when it runs.
        if (!queue.includes(waiting)) return
        queue = queue.filter((other) => other !== waiting)
        reject(signal?.reason as Error)
      }
      queue.push(waiting)
      signal?.addEventListener('abort', abort, { once: true })
      try {
        await promise
      } finally {
        signal?.removeEventListener('abort', abort)
      }
    },
    end() {
      const next = queue.shift()
      if (next === undefined) running -= 1
      else next.begin()
    },
    get queued() {
      return queue.length
    },
    close() {
      closed = true
      for (const { refuse } of queue.splice(0)) refuse()
    },
  }
}
