/** The embedded stores in a temporary home, for tests. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryBus } from '#adapters/bus-memory'
import { startEngine, type Engine, type EngineOptions } from '#adapters/chdb'
import { openClickhouse } from '#adapters/clickhouse'
import { systemClock } from '#adapters/clock-system'
import { memoryLeases } from '#adapters/leases-memory'
import { pgliteMetadata } from '#adapters/pglite'
import { providePgliteTemplate } from '#adapters/pglite/template-fixture'
import type { Bus } from '#ports/bus'
import type { Clock } from '#ports/clock'
import type { Leases } from '#ports/leases'
import type { Log } from '#ports/log'
import type { Metadata } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'
import { openWarehouseLog } from './log.ts'

export interface EmbeddedWarehouse {
  readonly home: string
  readonly engine: Engine
  readonly warehouse: Warehouse
  /** Closes it and keeps the home. */
  close(): Promise<void>
  remove(): Promise<void>
}

export interface EmbeddedWarehouseOptions extends Pick<EngineOptions, 'stuck'> {
  /** The warehouse is used as one that other servers reach too. */
  readonly shared?: boolean
}

export interface EnginesOptions extends EmbeddedWarehouseOptions {
  /** Default: an embedded database in the home. */
  readonly openMetadata?: (() => Promise<Metadata>) | undefined
}

/** The engine alone, in a new home or in the one that is given. */
export async function openEmbeddedWarehouse(
  given?: string,
  { shared = false, ...options }: EmbeddedWarehouseOptions = {},
): Promise<EmbeddedWarehouse> {
  const home = given ?? (await mkdtemp(join(tmpdir(), 'millrace-test-')))
  const engine = await startEngine({ home, durability: 'process', ...options })
  const warehouse = openClickhouse({ endpoint: engine.endpoint, features: { localFiles: true, exclusive: !shared } })
  const close = async (): Promise<void> => {
    await warehouse.close()
    await engine.stop()
  }
  return { home, engine, warehouse, close, remove: () => removed(home, close) }
}

export interface Engines extends EmbeddedWarehouse {
  readonly metadata: Metadata
}

/** In a new home, or in the one that is given. */
export async function openEngines(given?: string, { openMetadata, ...options }: EnginesOptions = {}): Promise<Engines> {
  const home = given ?? (await mkdtemp(join(tmpdir(), 'millrace-test-')))
  const opening = [
    openMetadata === undefined ? embeddedMetadata(home) : openMetadata(),
    openEmbeddedWarehouse(home, options),
  ] as const
  const [metadata, opened] = await Promise.all(opening).catch(async (error: unknown) => {
    // A store that stays open would keep the process of the test from ending.
    for (const each of await Promise.allSettled(opening)) if (each.status === 'fulfilled') await each.value.close()
    throw error
  })
  const close = async (): Promise<void> => {
    await Promise.all([opened.close(), metadata.close()])
  }
  return { ...opened, metadata, close, remove: () => removed(home, close) }
}

async function embeddedMetadata(home: string): Promise<Metadata> {
  await providePgliteTemplate()
  return await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
}

export interface EmbeddedStores extends Pick<Engines, 'home' | 'engine' | 'close' | 'remove'> {
  readonly ports: {
    readonly metadata: Metadata
    readonly warehouse: Warehouse
    readonly log: Log
    readonly bus: Bus
    readonly clock: Clock
    readonly leases: Leases
  }
}

/** What most modules work over: all but blobs and jobs. */
export async function openEmbedded(
  given?: string,
  options: Pick<EnginesOptions, 'openMetadata'> = {},
): Promise<EmbeddedStores> {
  const { home, engine, metadata, warehouse, close: closeEngines } = await openEngines(given, options)
  const clock = systemClock()
  const leases = memoryLeases()
  const log = await openWarehouseLog({ warehouse, metadata, clock, leases })
  const bus = memoryBus({ onListenerError: (error) => console.error(error) })
  const close = async (): Promise<void> => {
    await log.close()
    await bus.close()
    await closeEngines()
  }
  const ports = { metadata, warehouse, log, bus, clock, leases }
  return { home, engine, ports, close, remove: () => removed(home, close) }
}

async function removed(home: string, close: () => Promise<void>): Promise<void> {
  await close()
  await rm(home, { recursive: true, force: true })
}
