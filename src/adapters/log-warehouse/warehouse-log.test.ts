import { systemClock } from '#adapters/clock-system'
import { registerLogSuite } from '#ports/suites/log'
import { openEngines } from './embedded-fixture.ts'
import { openWarehouseLog } from './warehouse-log.ts'

registerLogSuite('warehouse', async () => {
  const stores = await openEngines()
  const open = () => openWarehouseLog({ ...stores, clock: systemClock() })
  return { log: await open(), restart: open, selects: true, closed: () => stores.remove() }
})
