import { systemClock } from '#adapters/clock-system'
import { memoryLeases } from '#adapters/leases-memory'
import { registerLogSuite } from '#ports/suites/log'
import { openEngines } from './embedded-fixture.ts'
import { openWarehouseLog } from './log.ts'

for (const shared of [false, true]) {
  registerLogSuite(shared ? 'warehouse that other servers reach' : 'warehouse', async () => {
    const stores = await openEngines(undefined, { shared })
    const open = () => openWarehouseLog({ ...stores, clock: systemClock(), leases: memoryLeases() })
    return { log: await open(), restart: open, selects: true, closed: () => stores.remove() }
  })
}
