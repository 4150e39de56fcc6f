import { registerBusSuite } from '#ports/suites/bus'
import { memoryBus } from './bus.ts'

registerBusSuite('memory', async () => memoryBus())
