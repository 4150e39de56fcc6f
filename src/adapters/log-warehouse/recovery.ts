import type { TopicName } from '#ports/log'
import type { Journal } from './journal.ts'
import type { TopicTable } from './topic-table.ts'

/** More than a group has (`groupLimit.blocks`). */
const page = 256

/**
 * Makes the table and the journal agree and answers the topic's end. Only the group that was under way
 * can be incomplete, so the walk from the latest entry stops at the first one that is whole.
 */
export async function recover(topic: TopicName, table: TopicTable, journal: Journal): Promise<bigint> {
  const end = await table.end()
  let whole = end
  for (const entry of await journal.latest(topic, page)) {
    const last = entry.from + BigInt(entry.count) - 1n
    if (last <= end && (await table.rowsBetween(entry.from, last)) === entry.count) break
    whole = entry.from - 1n
  }
  if (whole < end) await table.cut(whole)
  const settled = whole < end ? whole : end
  await journal.void(topic, settled)
  return settled
}
