/**
 * The clock of the engine's process. The engine looks at its own time limit and at KILL QUERY between
 * blocks only, so one function call can run for hours. SPEC.md, "Queries that do not stop".
 */
import { exception } from './engine-error.ts'

export interface StuckLimits {
  /** How long a query may run on after its limit before it is asked to stop: normally the engine ends it itself. */
  readonly slackMs: number
  /** How long a query may run on after it was asked to stop. */
  readonly graceMs: number
  /** How many abandoned queries may run at once; one more restarts the engine. */
  readonly maxStuck: number
  /** How long an abandoned query may run; after that the engine is restarted. */
  readonly maxStuckMs: number
}

export interface TimedQuery {
  /** From `max_execution_time`, counted from the place that the query got. */
  readonly maxSeconds: number | undefined
  /** Aborted by the caller's end and by the clock. */
  readonly abort: AbortController
  /** Asks the engine to stop the query. */
  readonly stop: () => Promise<void>
}

export interface StuckQueries {
  /** Resolves and rejects as `work` does, or rejects when `work` continues although it was asked to stop. */
  run(query: TimedQuery, work: () => Promise<void>): Promise<void>
  /** Abandoned queries that still run. */
  readonly count: number
}

/** `onTooMany` is called once, when the engine has to be restarted. */
export function watchStuckQueries(limits: StuckLimits, onTooMany: (count: number) => void): StuckQueries {
  let count = 0
  let reported = false
  function report(): void {
    if (reported) return
    reported = true
    onTooMany(count)
  }

  function abandon(running: Promise<void>): void {
    count += 1
    if (count > limits.maxStuck) report()
    const timer = setTimeout(report, limits.maxStuckMs)
    const ended = (): void => {
      count -= 1
      clearTimeout(timer)
    }
    running.then(ended, ended)
  }

  return {
    get count() {
      return count
    },
    async run({ maxSeconds, abort, stop }, work) {
      let overdue: Error | undefined
      let grace: NodeJS.Timeout | undefined
      let leave: (reason: unknown) => void = () => undefined
      const left = new Promise<never>((_resolve, reject) => {
        leave = reject
      })
      left.catch(() => undefined)
      const running = work()
      const askToStop = (): void => {
        if (grace !== undefined) return
        grace = setTimeout(() => {
          abandon(running)
          abort.abort(overdue)
          leave(abort.signal.reason)
        }, limits.graceMs)
        stop().catch(() => undefined)
      }
      const deadline =
        maxSeconds === undefined
          ? undefined
          : setTimeout(
              () => {
                overdue = exception(159, `Timeout exceeded: maximum ${maxSeconds} seconds`, 'TIMEOUT_EXCEEDED')
                askToStop()
              },
              Math.min(maxSeconds * 1000 + limits.slackMs, maxTimerMs),
            )
      abort.signal.addEventListener('abort', askToStop, { once: true })
      if (abort.signal.aborted) askToStop()
      try {
        await Promise.race([running, left])
      } catch (error) {
        throw overdue ?? error
      } finally {
        clearTimeout(deadline)
        clearTimeout(grace)
        abort.signal.removeEventListener('abort', askToStop)
      }
    },
  }
}

const maxTimerMs = 2 ** 31 - 1
