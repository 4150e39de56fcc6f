import { setTimeout as sleep } from 'node:timers/promises'

type Nothing = false | null | undefined

/**
 * Looks again and again until there is something, and returns it; fails after `withinMs` with what was waited for.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  { withinMs = 30_000, everyMs = 10 } = {},
): Promise<Exclude<T, Nothing>> {
  for (const deadline = Date.now() + withinMs; ; await sleep(everyMs)) {
    const seen = await look()
    if (seen !== false && seen !== null && seen !== undefined) return seen as Exclude<T, Nothing>
    if (Date.now() > deadline) throw new Error(`${what}: this did not happen within ${withinMs / 1000} s`)
  }
}
