import type { TopicName } from '#ports/log'
import type { Journal } from './journal.ts'
import type { TopicTable } from './topic-table.ts'

/** More than a group has (`groupLimit.blocks`). */
const page = 256

export interface Recovered {
  readonly end: bigint
  /** Rows up to this position were replaced. */
  readonly replaced: bigint
}

/**
 * Makes the table and the journal agree. Only the group that was under way can be incomplete, so the walk from the
 * latest entry stops at the first one that is whole.
 */
export async function recover(topic: TopicName, table: TopicTable, journal: Journal): Promise<Recovered> {
  const replaced = await recoverReplacement(topic, table, journal)
  const last = await table.end()
  const end = last > replaced ? last : replaced
  let whole = end
  for (const entry of await journal.latest(topic, replaced, page)) {
    const last = entry.from + BigInt(entry.count) - 1n
    if (last <= end && (await table.rowsBetween(entry.from, last)) === entry.count) break
    whole = entry.from - 1n
  }
  if (whole < end) await table.cut(whole)
  const recoveredEnd = whole < end ? whole : end
  await journal.void(topic, recoveredEnd)
  return { end: recoveredEnd, replaced }
}

/** The exchange of the tables is one step: either no row of before is there any more, or all are. */
async function recoverReplacement(topic: TopicName, table: TopicTable, journal: Journal): Promise<bigint> {
  const replaced = await journal.replacedUpTo(topic)
  const entry = await journal.replacement(topic, replaced)
  if (entry === undefined) return replaced
  if ((await table.rowsBetween(0n, entry.from - 1n)) > 0) {
    await journal.forget(topic, entry.id)
    return replaced
  }
  await journal.replaced(topic, entry.from - 1n)
  return entry.from - 1n
}
