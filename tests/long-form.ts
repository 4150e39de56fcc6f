/** For tests with a longer form, which `npm run test:long` runs, and for their random cases. */
import fc from 'fast-check'
import { seed } from './seed.ts'

/** Whether the long form runs. */
export const isLong = process.env['MILLRACE_TEST_LONG'] === '1'

export { seed }

/** Random cases of each form. */
export interface Runs {
  readonly short: number
  readonly long: number
}

/** Checks a property with the seed of this process; a failure names the seed. */
export async function assertProperty<Ts>(
  property: fc.IPropertyWithHooks<Ts> | fc.IAsyncPropertyWithHooks<Ts>,
  { short, long }: Runs,
): Promise<void> {
  const numRuns = isLong ? long : short
  const step = progress('random cases', numRuns)
  const count = (before: () => unknown): void => {
    step()
    void before()
  }
  await fc.assert<Ts>(property.beforeEach(count), { numRuns, seed })
}

/** In the long form, what it returns writes to standard error how often it was called, at most every five seconds. */
export function progress(what: string, of?: number): () => void {
  let [done, toldAt] = [0, Date.now()]
  return () => {
    done += 1
    if (!isLong || Date.now() < toldAt + 5_000) return
    toldAt = Date.now()
    console.error(`  ${done}${of === undefined ? '' : ` of ${of}`} ${what}`)
  }
}
