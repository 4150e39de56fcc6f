/** When a request that failed is sent again, and how long it waits until then. */
import { retryAfterMs } from '#core/retry-after'
import { failureOf, isTransient } from '../failure.ts'
import { abortableWait } from './abortable-wait.ts'

export interface RetryOptions {
  /** Including the first. */
  readonly attempts: number
  /** Grows twofold with each attempt; the wait is a random part of it. */
  readonly baseMs: number
  /** A server that asks for a longer wait than this is not waited for: the failure says when to come again. */
  readonly maxWaitMs: number
}

export const retryDefaults: RetryOptions = { attempts: 4, baseMs: 250, maxWaitMs: 60_000 }

/** Repeats what fails for a reason that passes by itself. */
export async function withRetry<T>(
  work: () => Promise<T>,
  { attempts, baseMs, maxWaitMs }: RetryOptions,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (attempt >= attempts || !isTransient(error)) throw error
      const { retryAt } = failureOf(error) ?? {}
      const asked = retryAt === undefined ? 0 : Date.parse(retryAt) - Date.now()
      if (asked > maxWaitMs) throw error
      const backoff = Math.random() * Math.min(maxWaitMs, baseMs * 2 ** attempt)
      await abortableWait(Math.max(asked, backoff), signal)
    }
  }
}

/** When a `Retry-After` header asks to come again, as an ISO time. */
export function retryTime(header: string | undefined, now: number): string | undefined {
  const waitMs = retryAfterMs(header, now)
  return waitMs === undefined ? undefined : new Date(now + waitMs).toISOString()
}
