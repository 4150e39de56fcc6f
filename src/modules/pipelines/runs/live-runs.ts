/** The runs of this process: how to stop one, and who listens. */
import type { Progress } from './recorder.ts'

export interface LiveRuns {
  started(runId: string, stop: (reason: StopReason) => void): void
  ended(runId: string): void
  has(runId: string): boolean
  /** Returns false when the run is not running here. */
  stop(runId: string, reason: StopReason): boolean
  tell(progress: Progress): void
  listen(runId: string, listener: (progress: Progress) => void): { close(): void }
  /** Resolves when the run has ended here, or after `ms`. */
  waitForEnd(runId: string, ms: number, signal: AbortSignal): Promise<void>
}

export type StopReason = 'cancelled' | 'paused' | 'stopping'

export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly reason: StopReason
  constructor(reason: StopReason) {
    super(`The run was ${reason}.`)
    this.reason = reason
  }
}

export function liveRuns(): LiveRuns {
  const running = new Map<string, (reason: StopReason) => void>()
  const listeners = new Map<string, Set<(progress: Progress) => void>>()
  const listen: LiveRuns['listen'] = (runId, listener) => {
    const all = listeners.get(runId) ?? new Set()
    listeners.set(runId, all.add(listener))
    return {
      close: () => {
        all.delete(listener)
        if (all.size === 0 && listeners.get(runId) === all) listeners.delete(runId)
      },
    }
  }
  return {
    started: (runId, stop) => void running.set(runId, stop),
    ended: (runId) => void running.delete(runId),
    has: (runId) => running.has(runId),
    stop: (runId, reason) => {
      const stop = running.get(runId)
      stop?.(reason)
      return stop !== undefined
    },
    tell: (progress) => {
      for (const listener of listeners.get(progress.runId) ?? []) listener(progress)
    },
    listen,
    waitForEnd: (runId, ms, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          heard.close()
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        const heard = listen(runId, (progress) => {
          if (progress.status !== 'running') done()
        })
        signal.addEventListener('abort', done, { once: true })
      }),
  }
}
