/** The log suite over positions that are vectors: the suite asks nothing of a position that only one number can give. */
import { systemClock } from '#adapters/clock-system'
import { memoryLeases } from '#adapters/leases-memory'
import { registerLogSuite } from '#ports/suites/log'
import { componentsOf, partitionedLog, partitionedPositions, vectorOf } from '#ports/suites/partitioned-log-fixture'
import { registerPositionsSuite } from '#ports/suites/positions'
import fc from 'fast-check'
import { openEngines } from './embedded-fixture.ts'
import { openWarehouseLog } from './log.ts'

registerPositionsSuite('three partitions', {
  positions: partitionedPositions,
  position: fc.tuple(...Array.from({ length: 3 }, () => fc.bigInt({ min: 0n, max: 12n }))).map(vectorOf),
  rowsUpTo: componentsOf,
})

registerLogSuite('three partitions', async () => {
  const stores = await openEngines()
  const open = async () =>
    partitionedLog(
      await openWarehouseLog({ ...stores, clock: systemClock(), leases: memoryLeases() }),
      stores.warehouse,
    )
  return { log: await open(), restart: open, selects: true, replaces: false, closed: () => stores.remove() }
})
