import fc from 'fast-check'
import { registerPositionsSuite } from '#ports/suites/positions'
import { positionOf, rowNumber, warehousePositions } from './positions.ts'

registerPositionsSuite('one partition', {
  positions: warehousePositions,
  position: fc
    .oneof(fc.bigInt({ min: 0n, max: 120n }), fc.bigInt({ min: 2n ** 40n, max: 2n ** 40n + 99n }))
    .map(positionOf),
  rowsUpTo: (position) => [rowNumber(position)],
})
