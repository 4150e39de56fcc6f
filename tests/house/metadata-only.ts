/** For tests of modules that use no warehouse: an embedded metadata database, without the engine. */
import { join } from 'node:path'
import { memoryBus } from '#adapters/bus-memory'
import { systemClock } from '#adapters/clock-system'
import { memoryLeases } from '#adapters/leases-memory'
import type { EmbeddedStores } from '#adapters/log-warehouse/embedded-fixture'
import { pgliteMetadata } from '#adapters/pglite'
import { providePgliteTemplate } from '#adapters/pglite/template-fixture'

type Stores = Pick<EmbeddedStores, 'engine' | 'ports' | 'close'>

export async function openMetadataOnly(home: string): Promise<Stores> {
  await providePgliteTemplate()
  const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
  const bus = memoryBus({ onListenerError: (error) => console.error(error) })
  const ports = {
    metadata,
    bus,
    clock: systemClock(),
    leases: memoryLeases(),
    warehouse: { ping: async () => undefined },
  } as unknown as Stores['ports'] // modules of such a house ask neither the warehouse nor the log
  return {
    ports,
    get engine(): never {
      throw new Error('This house has no engine; open it without "warehouse: false".')
    },
    close: async () => {
      await bus.close()
      await metadata.close()
    },
  }
}
