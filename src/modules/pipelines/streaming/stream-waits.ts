/** Runs that have loaded everything wait here for the next append to their stream. */
import type { Clock } from '#ports/clock'
import type { Log } from '#ports/log'

export interface StreamWaits {
  /** Resolves after an append to the stream, `wake`, or a while; rejects when `signal` is aborted. */
  untilAppended(workspace: string, stream: string, signal: AbortSignal): Promise<void>
  wake(workspace: string, stream: string): void
  close(): void
}

/** Rows of another server are seen after this time. */
const maxWaitMs = 5_000

export function streamWaits(log: Pick<Log, 'onAppended'>, clock: Clock): StreamWaits {
  const wakers = new Map<string, Set<() => void>>()
  const wake: StreamWaits['wake'] = (workspace, stream) => {
    for (const resolve of wakers.get(`${workspace}/${stream}`) ?? []) resolve()
  }
  const subscription = log.onAppended(({ topic }) => wake(topic.workspace, topic.name))
  return {
    wake,
    untilAppended: async (workspace, stream, signal) => {
      const key = `${workspace}/${stream}`
      const all = wakers.get(key) ?? new Set()
      wakers.set(key, all)
      const woken = Promise.withResolvers<void>()
      all.add(woken.resolve)
      const waited = new AbortController()
      try {
        await Promise.race([woken.promise, clock.sleep(maxWaitMs, AbortSignal.any([signal, waited.signal]))])
      } finally {
        all.delete(woken.resolve)
        waited.abort()
        if (all.size === 0) wakers.delete(key)
      }
      signal.throwIfAborted()
    },
    close: () => subscription.close(),
  }
}
