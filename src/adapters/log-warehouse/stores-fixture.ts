/** Real engines in a temporary home, for tests. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine, type Engine } from '#adapters/chdb'
import { openClickhouse } from '#adapters/clickhouse'
import { pgliteMetadata } from '#adapters/pglite'
import type { Metadata } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'

export interface TestStores {
  readonly engine: Engine
  readonly warehouse: Warehouse
  readonly metadata: Metadata
  close(): Promise<void>
}

export async function openTestStores(): Promise<TestStores> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-log-'))
  const [metadata, engine] = await Promise.all([
    pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' }),
    startEngine({ home, durability: 'process' }),
  ])
  const warehouse = openClickhouse({ endpoint: engine.endpoint, features: { localFiles: true } })
  return {
    engine,
    warehouse,
    metadata,
    async close() {
      await warehouse.close()
      await engine.stop()
      await metadata.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
