import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until it holds; fails after `withinMs` with what was waited for. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  { withinMs = 30_000, everyMs = 10 } = {},
): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await holds()); await sleep(everyMs))
    if (Date.now() > deadline) throw new Error(`${what}: this did not happen within ${withinMs / 1000} s`)
}
