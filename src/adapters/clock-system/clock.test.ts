import { registerClockSuite } from '#ports/suites/clock'
import { systemClock } from './clock.ts'

registerClockSuite('system', () => ({
  clock: systemClock(),
  pass: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
}))
