/** Keeps one child process alive. SPEC.md has the states and what holds in each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startChild, type Child, type ChildOptions } from './child-process.ts'
import { clearRecord, endLeftBehind, writeRecord } from './process-record.ts'
import { watchHung } from './watch-hung.ts'

export interface SupervisedOptions<Ready> extends Omit<ChildOptions<Ready>, 'beforeStart' | 'onMessage'> {
  /** File that names the running process, so that the next start can end one that was left behind. */
  readonly record: string
  /** Rejects while the process does not do its work. Asked every ten seconds; after six misses the process is killed. */
  readonly probe?: (ready: Ready, signal: AbortSignal) => Promise<unknown>
  /** What the child tells besides; `replace` gives its work to a new process, after `drainMs` for calls under way. */
  readonly onMessage?: (message: unknown, child: { readonly pid: number; replace(drainMs: number): void }) => void
  readonly onEvent?: (event: ProcessEvent) => void
  readonly times?: Partial<ProcessTimes>
}

export type ProcessEvent =
  | { readonly kind: 'left-behind' }
  | { readonly kind: 'ready'; readonly pid: number; readonly startMs: number }
  | { readonly kind: 'ended'; readonly reason: string; readonly restartInMs: number }
  | { readonly kind: 'hung'; readonly pid: number }

export interface ProcessTimes {
  /** A start that takes longer fails. */
  readonly startMs: number
  /** A child that has not ended by then after `stop` is killed. */
  readonly stopMs: number
  readonly probeEveryMs: number
  /** A process that was ready for so long is restarted at once. */
  readonly steadyMs: number
  /** Pause before the second restart; doubled up to `maxPauseMs`. */
  readonly pauseMs: number
  readonly maxPauseMs: number
}

export interface Supervised<Ready> {
  readonly pid: number | undefined
  readonly stopping: boolean
  /** What the child sent when it became ready. Waits for a start or restart up to `waitMs`; then nothing. */
  ready(waitMs: number): Promise<Ready | undefined>
  stop(): Promise<void>
}

const usual: ProcessTimes = {
  startMs: 120_000,
  stopMs: 10_000,
  probeEveryMs: 10_000,
  steadyMs: 60_000,
  pauseMs: 500,
  maxPauseMs: 30_000,
}

/** Resolves when the child is ready for the first time; rejects when it cannot start. */
export async function supervise<Ready>(options: SupervisedOptions<Ready>): Promise<Supervised<Ready>> {
  const supervisor = new Supervisor(options)
  await supervisor.start()
  return supervisor
}

class Supervisor<Ready> implements Supervised<Ready> {
  readonly #options: SupervisedOptions<Ready>
  readonly #times: ProcessTimes
  readonly #stopped = new AbortController()
  #child: Child<Ready> | undefined
  #current: Ready | undefined
  #waiting: (() => void)[] = []
  #kept: Promise<void> = Promise.resolve()

  constructor(options: SupervisedOptions<Ready>) {
    this.#options = options
    this.#times = { ...usual, ...options.times }
  }

  get stopping(): boolean {
    return this.#stopped.signal.aborted
  }

  get pid(): number | undefined {
    return this.#current === undefined ? undefined : this.#child?.pid
  }

  async start(): Promise<void> {
    this.#kept = this.#keepAlive(await this.#startOnce())
  }

  async ready(waitMs: number): Promise<Ready | undefined> {
    if (this.#current !== undefined || this.stopping || waitMs <= 0) return this.#current
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting = this.#waiting.filter((other) => other !== wake)
        resolve()
      }
      const timer = setTimeout(wake, waitMs)
      this.#waiting.push(wake)
    })
    return this.#current
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#current = undefined
    this.#wakeAll()
    this.#child?.stop()
    const timer = setTimeout(() => this.#child?.kill(), this.#times.stopMs)
    await this.#child?.ended
    clearTimeout(timer)
    await this.#kept
    clearRecord(this.#options.record)
  }

  async #startOnce(): Promise<Child<Ready>> {
    const { record, onEvent, onMessage, ...options } = this.#options
    const began = Date.now()
    if (await endLeftBehind(record)) onEvent?.({ kind: 'left-behind' })
    const child = startChild<Ready>({
      ...options,
      beforeStart: (pid) => writeRecord(record, pid),
      onMessage: (message, from) =>
        onMessage?.(message, { pid: from.pid, replace: (drainMs) => void this.#replace(from, drainMs) }),
    })
    this.#child = child
    const timer = setTimeout(() => child.kill(), this.#times.startMs)
    try {
      this.#current = await child.ready
      onEvent?.({ kind: 'ready', pid: child.pid, startMs: Date.now() - began })
      this.#wakeAll()
      return child
    } catch (error) {
      child.kill()
      await child.ended
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /** New calls wait for the next process at once; those under way have a moment to end. */
  async #replace(child: Child<Ready>, drainMs: number): Promise<void> {
    if (child !== this.#child) return
    this.#current = undefined
    await sleep(drainMs)
    child.kill()
  }

  async #keepAlive(first: Child<Ready>): Promise<void> {
    const { onEvent, probe, record } = this.#options
    let living = first
    for (let failures = 0; ;) {
      const readyAt = Date.now()
      const watch = watchHung({
        everyMs: this.#times.probeEveryMs,
        probe: (signal) => (this.#current === undefined ? undefined : probe?.(this.#current, signal)),
        onHung: () => {
          onEvent?.({ kind: 'hung', pid: living.pid })
          living.kill()
        },
      })
      let reason = await living.ended
      watch.stop()
      this.#current = undefined
      clearRecord(record)
      if (Date.now() - readyAt > this.#times.steadyMs) failures = 0
      for (;;) {
        if (this.stopping) return
        const restartInMs = this.#pauseAfter(failures)
        failures += 1
        onEvent?.({ kind: 'ended', reason, restartInMs })
        await sleep(restartInMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined)
        if (this.stopping) return
        try {
          living = await this.#startOnce()
          break
        } catch (error) {
          reason = error instanceof Error ? error.message : String(error)
        }
      }
    }
  }

  #pauseAfter(failures: number): number {
    const { pauseMs, maxPauseMs } = this.#times
    return failures === 0 ? 0 : Math.min(maxPauseMs, pauseMs * 2 ** (failures - 1))
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
