import type { Clock } from '#ports/clock'
import type { Journal } from './journal.ts'

const everyMs = 60_000
const maxBlocks = 20_000

/** Deletes the ids of blocks that need not be remembered any more, every minute. */
export function forgetBlocks(clock: Clock, journal: Pick<Journal, 'purge'>): { stop(): Promise<void> } {
  let purging: Promise<unknown> | undefined
  const upkeep = clock.every(everyMs, () => {
    purging ??= journal
      .purge(clock.now(), maxBlocks)
      .catch(() => 0)
      .finally(() => (purging = undefined))
  })
  return {
    async stop() {
      upkeep.stop()
      await purging
    },
  }
}
