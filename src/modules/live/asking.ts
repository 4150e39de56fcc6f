import type { Clock } from '#ports/clock'

/** Runs `ask` when it is due, one at a time, with a rest between the starts of two. */
export interface Asking {
  /** Ask as soon as the rest allows. */
  markStale(): void
  /** Plans the next run, when there is one to plan. */
  plan(): void
  /** The next run needs no rest longer than the shortest. */
  resetRest(): void
  /** Forgets what is planned. */
  pause(): void
}

export interface AskingOptions {
  readonly clock: Clock
  readonly ask: () => Promise<void>
  readonly onFailure: (error: unknown, failures: number) => void
  /** Nothing is asked unless it is wanted. */
  readonly wanted: () => boolean
  /** When to ask although nothing is stale. */
  readonly dueAt: () => number
}

export const minRestMs = 250
const maxRestMs = 10_000

export function asking({ clock, ask, onFailure, wanted, dueAt }: AskingOptions): Asking {
  let stale = true
  let running = false
  let startedAt = 0
  let restMs = minRestMs
  let failures = 0
  let timer: { at: number; abort: AbortController } | undefined

  const schedule = (at: number): void => {
    if (!wanted() || running || (timer !== undefined && timer.at <= at)) return
    timer?.abort.abort()
    const own = { at, abort: new AbortController() }
    timer = own
    clock.sleep(Math.min(Math.max(0, at - clock.now()), 3_600_000), own.abort.signal).then(
      () => {
        if (timer === own) timer = undefined
        void run()
      },
      () => undefined,
    )
  }
  const plan = (): void => {
    const due = stale ? 0 : dueAt() + 5
    if (due !== Infinity) schedule(Math.max(due, startedAt + restMs))
  }
  const run = async (): Promise<void> => {
    if (running || !wanted()) return
    running = true
    stale = false
    startedAt = clock.now()
    try {
      await ask()
      failures = 0
    } catch (error) {
      stale = true
      failures += 1
      onFailure(error, failures)
    } finally {
      running = false
      // A slow question is asked less often: at most half of the time is spent asking.
      restMs =
        failures > 0 ? Math.min(maxRestMs, 500 * 2 ** failures) : Math.max(minRestMs, 2 * (clock.now() - startedAt))
      plan()
    }
  }
  return {
    markStale() {
      stale = true
    },
    plan,
    resetRest() {
      restMs = minRestMs
    },
    pause() {
      timer?.abort.abort()
      timer = undefined
    },
  }
}
