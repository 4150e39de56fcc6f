import type { TopicName } from '#ports/log'
import { WarehouseUnavailable } from '#ports/warehouse'
import type { Journal } from './journal.ts'
import { recover } from './recovery.ts'
import type { TopicTable } from './topic-table.ts'

/** What a writer knows of its topic. The states are numbered in SPEC.md. */
export interface WriterState {
  /** The number of the last acknowledged row. */
  end: bigint
  /** Rows up to this number were replaced. */
  replaced: bigint
  /** Whether table and journal hold what `end` says: state 1. */
  isCertain: boolean
  /** The query id of a statement whose answer has not come. */
  unanswered: string | undefined
}

export interface StateParts {
  readonly name: TopicName
  readonly table: TopicTable
  readonly journal: Journal
  readonly now: () => number
}

export async function recoveredState({ name, table, journal }: StateParts): Promise<WriterState> {
  return { ...(await recover(name, table, journal)), isCertain: true, unanswered: undefined }
}

/** After an answer that did not come: asks the table what is true before anything else is appended. */
export async function makeCertain(parts: StateParts, state: WriterState, deadline: number): Promise<void> {
  const { name, table, journal } = parts
  while (!state.isCertain)
    await whileAway(parts, deadline, async () => {
      if (state.unanswered !== undefined) await table.endQuery(state.unanswered)
      Object.assign(state, await recover(name, table, journal))
      state.unanswered = undefined
      state.isCertain = true
    })
}

/** Tries again while the engine is away, until the deadline. */
export async function whileAway<T>(
  { now }: Pick<StateParts, 'now'>,
  deadline: number,
  work: () => Promise<T>,
): Promise<T> {
  for (let wait = 20; ; wait = Math.min(wait * 2, 1000)) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof WarehouseUnavailable) || now() + wait > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}
