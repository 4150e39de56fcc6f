/** Keeps one engine process alive on a home. The states and what holds in each stand in SPEC.md. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WarehouseUnavailable } from '#ports/warehouse'
import { startChild, type EngineChild } from './engine-child.ts'
import { engineConfiguration } from './engine-settings.ts'
import { clearRecord, endLeftBehind, writeRecord } from './engine-record.ts'
import type { LanePlaces } from './engine-http.ts'
import type { StuckLimits } from './stuck-queries.ts'

export interface EngineOptions {
  /** The home; the engine's files are in `warehouse` below it. The caller holds the home's lock. */
  readonly home: string
  /** `disk`: an insert is acknowledged once synced to disk; `process`: once the engine has it. */
  readonly durability: 'disk' | 'process'
  readonly lanes?: Partial<LanePlaces>
  readonly stuck?: Partial<StuckLimits>
  readonly onEvent?: (event: EngineEvent) => void
}

export type EngineEvent =
  | { readonly kind: 'left-behind' }
  | { readonly kind: 'ready'; readonly pid: number; readonly startMs: number }
  | { readonly kind: 'ended'; readonly reason: string; readonly restartInMs: number }
  | { readonly kind: 'hung'; readonly pid: number }
  /** So many queries did not stop that the process is ended. */
  | { readonly kind: 'stuck'; readonly pid: number; readonly queries: number }

export interface EngineEndpoint {
  readonly url: string
  readonly username: string
  readonly password: string
}

export interface Engine {
  /** Where it answers now. Waits for a start or restart up to `waitMs`, then rejects with `WarehouseUnavailable`. */
  endpoint(waitMs: number): Promise<EngineEndpoint>
  readonly pid: number | undefined
  stop(): Promise<void>
}

const defaultLanes: LanePlaces = { ingest: 4, query: 6, batch: 3, control: 3 }
/** An abandoned query keeps a core busy, so one core at least is left to the others. */
const defaultStuck: StuckLimits = {
  slackMs: 1_000,
  graceMs: 2_000,
  maxStuck: Math.min(4, Math.max(1, availableParallelism() - 1)),
  maxStuckMs: 120_000,
}
/** How long calls under way may go on before a process with stuck queries is ended. */
const drainMs = 1_000
const startTimeoutMs = 120_000
const stopTimeoutMs = 10_000
const askEveryMs = 10_000
const missesUntilHung = 6

/** Resolves when the engine is ready for the first time; rejects when it cannot open the folder. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { home, onEvent = () => undefined } = options
  const folder = join(home, 'warehouse')
  const temporary = join(home, 'tmp', 'engine')
  const settings = join(home, 'tmp', 'engine.xml')
  const record = join(home, 'warehouse.process.json')
  const secret = randomBytes(32).toString('base64url')
  const lanes = { ...defaultLanes, ...options.lanes }
  const stuck = { ...defaultStuck, ...options.stuck }
  for (const needed of [folder, temporary]) mkdirSync(needed, { recursive: true, mode: 0o700 })
  writeFileSync(settings, engineConfiguration(options.durability))

  let stopping = false
  let child: EngineChild | undefined
  let current: EngineEndpoint | undefined
  let waiting: (() => void)[] = []

  async function startOnce(): Promise<EngineChild> {
    const began = Date.now()
    if (await endLeftBehind(record)) onEvent({ kind: 'left-behind' })
    const config = { folder, pipes: temporary, secret, lanes, stuck, connectionArgs: [`--config-file=${settings}`] }
    const next = startChild(config, (pid) => writeRecord(record, pid))
    child = next
    const timer = setTimeout(() => next.kill(), startTimeoutMs)
    try {
      const { port } = await next.ready
      current = { url: `http://127.0.0.1:${port}`, username: 'millrace', password: secret }
      onEvent({ kind: 'ready', pid: next.pid, startMs: Date.now() - began })
      for (const wake of waiting.splice(0)) wake()
      void next.stuck.then((queries) => replace(next, queries))
      return next
    } catch (error) {
      next.kill()
      await next.ended
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /** New calls wait for the next process at once; those under way have a moment to end. */
  async function replace(process: EngineChild, queries: number): Promise<void> {
    current = undefined
    onEvent({ kind: 'stuck', pid: process.pid, queries })
    await sleep(drainMs)
    process.kill()
  }

  async function keepAlive(first: EngineChild): Promise<void> {
    let living = first
    for (let failures = 0; ;) {
      const readyAt = Date.now()
      const watch = watchHung(
        living,
        () => current,
        () => onEvent({ kind: 'hung', pid: living.pid }),
      )
      let reason = await living.ended
      watch.stop()
      current = undefined
      clearRecord(record)
      if (Date.now() - readyAt > 60_000) failures = 0
      for (;;) {
        if (stopping) return
        const restartInMs = failures === 0 ? 0 : Math.min(30_000, 250 * 2 ** failures)
        failures += 1
        onEvent({ kind: 'ended', reason, restartInMs })
        await sleep(restartInMs)
        if (stopping) return
        try {
          living = await startOnce()
          break
        } catch (error) {
          reason = error instanceof Error ? error.message : String(error)
        }
      }
    }
  }

  let kept: Promise<void>
  try {
    kept = keepAlive(await startOnce())
  } catch (error) {
    throw new WarehouseUnavailable(
      `The embedded warehouse could not open "${folder}": ${error instanceof Error ? error.message : String(error)}`,
    )
  }

  return {
    get pid() {
      return current === undefined ? undefined : child?.pid
    },
    async endpoint(waitMs) {
      if (current !== undefined) return current
      const down = new WarehouseUnavailable(
        stopping
          ? 'The embedded warehouse is stopping.'
          : 'The embedded warehouse is starting again; try again in a moment.',
      )
      if (stopping || waitMs <= 0) throw down
      await new Promise<void>((resolve) => {
        const timer = setTimeout(wake, waitMs)
        function wake(): void {
          clearTimeout(timer)
          waiting = waiting.filter((other) => other !== wake)
          resolve()
        }
        waiting.push(wake)
      })
      if (current === undefined) throw down
      return current
    },
    async stop() {
      stopping = true
      current = undefined
      for (const wake of waiting.splice(0)) wake()
      child?.stop()
      const timer = setTimeout(() => child?.kill(), stopTimeoutMs)
      await child?.ended
      clearTimeout(timer)
      await kept
      clearRecord(record)
      rmSync(temporary, { recursive: true, force: true })
    },
  }
}

/** A process that lives but answers no query for a minute is ended, which restarts it. */
function watchHung(
  child: EngineChild,
  endpoint: () => EngineEndpoint | undefined,
  onHung: () => void,
): { stop(): void } {
  let missed = 0
  const timer = setInterval(() => {
    const now = endpoint()
    if (now === undefined) return
    const headers = { 'x-clickhouse-key': now.password, 'x-millrace-lane': 'control' }
    fetch(`${now.url}/?query=SELECT+1`, { headers, signal: AbortSignal.timeout(askEveryMs) }).then(
      () => {
        missed = 0
      },
      () => {
        missed += 1
        if (missed < missesUntilHung) return
        onHung()
        child.kill()
      },
    )
  }, askEveryMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
