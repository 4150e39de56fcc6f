/** Of the random cases that follow it. A new one each time; `MILLRACE_TEST_SEED=<seed>` repeats a run. */
export const seed = readSeed()

function readSeed(): number {
  const given = process.env['MILLRACE_TEST_SEED']
  if (given === undefined) return Date.now() % 1_000_000
  if (!/^\d{1,9}$/.test(given))
    throw new Error(`MILLRACE_TEST_SEED="${given}" is not a whole number; give up to 9 digits.`)
  return Number(given)
}
