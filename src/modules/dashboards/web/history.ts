/** What is edited, with the way back. */
export interface History<Value> {
  readonly now: Value
  readonly before: readonly Value[]
  readonly last: string | undefined
}

export function historyOf<Value>(now: Value): History<Value> {
  return { now, before: [], last: undefined }
}

const maxSteps = 100

/** One step further. The same thing done again and again, such as typing in one field, is one step. */
export function changed<Value>(history: History<Value>, now: Value, what: string): History<Value> {
  if (what === history.last) return { ...history, now }
  return { now, before: [...history.before.slice(1 - maxSteps), history.now], last: what }
}

export function undone<Value>({ now, before }: History<Value>): History<Value> {
  return { now: before.at(-1) ?? now, before: before.slice(0, -1), last: undefined }
}
