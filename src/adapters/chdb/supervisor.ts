/** Keeps one engine process alive on a home: what is the engine's own about it. SPEC.md has the states of queries. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { besideThisFile } from '#kernel/beside-this-file'
import { availableMemory } from '#kernel/available-memory'
import { supervise, type ProcessEvent, type Supervised } from '#kernel/supervisor'
import { WarehouseUnavailable } from '#ports/warehouse'
import { engineConfiguration } from './engine-settings.ts'
import { engineEnvironment } from './engine-environment.ts'
import type { LanePlaces } from './engine-http.ts'
import type { EngineConfig, EngineReady } from './engine-process.ts'
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
  | ProcessEvent
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
/** How long calls under way may continue before a process with stuck queries is ended. */
const drainMs = 1_000

/** Resolves when the engine is ready for the first time; rejects when it cannot open the folder. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { home, onEvent = () => undefined } = options
  const config = prepareEngine(options)
  const endpoints = new WeakMap<EngineReady, EngineEndpoint>()
  /** The same object for the same process: clients keep their connections as long as it is the same. */
  const endpointOf = (ready: EngineReady): EngineEndpoint => {
    const url = `http://127.0.0.1:${ready.port}`
    const endpoint = endpoints.get(ready) ?? { url, username: 'millrace', password: config.secret }
    endpoints.set(ready, endpoint)
    return endpoint
  }
  const process = await supervise<EngineReady>({
    name: 'the engine',
    entry: besideThisFile('engine-process', import.meta.url),
    config,
    environment: engineEnvironment(config),
    record: join(home, 'warehouse.process.json'),
    probe: async (ready, signal) => await askEngine(endpointOf(ready), signal),
    onMessage: (message, child) => {
      onEvent({ kind: 'stuck', pid: child.pid, queries: Number(message) })
      child.replace(drainMs)
    },
    onEvent,
  }).catch((error: unknown) => {
    throw new WarehouseUnavailable(
      `The embedded warehouse could not open "${config.folder}": ${error instanceof Error ? error.message : String(error)}`,
    )
  })
  return {
    get pid() {
      return process.pid
    },
    async endpoint(waitMs) {
      const ready = await process.ready(waitMs)
      if (ready === undefined) throw unavailable(process)
      return endpointOf(ready)
    },
    async stop() {
      await process.stop()
      rmSync(config.pipes, { recursive: true, force: true })
    },
  }
}

/** Folders, configuration file and the secret of this start. */
function prepareEngine({ home, durability, lanes, stuck }: EngineOptions): EngineConfig {
  const [folder, pipes] = [join(home, 'warehouse'), join(home, 'tmp', 'engine')]
  for (const needed of [folder, pipes]) mkdirSync(needed, { recursive: true, mode: 0o700 })
  const settings = join(home, 'tmp', 'engine.xml')
  writeFileSync(settings, engineConfiguration(durability, availableMemory()))
  return {
    folder,
    pipes,
    secret: randomBytes(32).toString('base64url'),
    lanes: { ...defaultLanes, ...lanes },
    stuck: { ...defaultStuck, ...stuck },
    connectionArgs: [`--config-file=${settings}`],
  }
}

async function askEngine({ url, password }: EngineEndpoint, signal: AbortSignal): Promise<void> {
  await fetch(`${url}/?query=SELECT+1`, {
    headers: { 'x-clickhouse-key': password, 'x-millrace-lane': 'control' },
    signal,
  })
}

function unavailable({ stopping }: Supervised<EngineReady>): WarehouseUnavailable {
  return new WarehouseUnavailable(
    stopping
      ? 'The embedded warehouse is stopping.'
      : 'The embedded warehouse is starting again; try again in a moment.',
  )
}
