import type { Clock } from '#ports/clock'
import type { Attempt, AuditRecords, Ending } from './trail.ts'

/**
 * Sums up equal operations. The first one of a key is written at once; those that follow within a
 * minute are counted and written as one entry, so that neither ingest nor a flood of refused requests
 * costs a write each. Without a pending count there is no timer.
 */
export interface AuditSums {
  add(attempt: Attempt, ending: Ending): Promise<void>
  /** Writes what is pending. */
  close(): Promise<void>
}

interface Sum {
  attempt: Attempt
  ending: Ending
  times: number
}

const windowMs = 60_000
/** Beyond this many different keys, the oldest count is written early. */
const maxKeys = 1_000

export function auditSums(
  records: Pick<AuditRecords, 'add'>,
  clock: Clock,
  onFailure: (error: unknown) => void,
): AuditSums {
  const sums = new Map<string, Sum>()
  const closing = new AbortController()
  let timer: Promise<void> | undefined

  const write = async (key: string): Promise<void> => {
    const sum = sums.get(key)
    sums.delete(key)
    if (sum === undefined || sum.times === 0) return
    await records.add(sum.attempt, sum.ending, sum.times).catch(onFailure)
  }
  const writeAll = async (): Promise<void> => {
    for (const key of sums.keys()) await write(key)
  }
  const sleepThenWrite = (): void => {
    timer ??= clock
      .sleep(windowMs, closing.signal)
      .then(writeAll, () => undefined)
      .finally(() => (timer = undefined))
  }

  return {
    async add(attempt, ending) {
      const key = JSON.stringify([
        attempt.workspace,
        attempt.actor.id,
        attempt.action,
        attempt.subject.kind,
        attempt.subject.id,
        ending.outcome,
        ending.code,
      ])
      const known = sums.get(key)
      if (known !== undefined) {
        if (known.times === 0) known.attempt = attempt
        known.ending = ending
        known.times += 1
        return
      }
      const [oldest] = sums.keys()
      if (sums.size >= maxKeys && oldest !== undefined) await write(oldest)
      sums.set(key, { attempt, ending, times: 0 })
      sleepThenWrite()
      await records.add(attempt, ending, 1)
    },
    async close() {
      closing.abort()
      await timer
      await writeAll()
    },
  }
}
