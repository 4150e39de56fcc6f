import { WarehouseError, type QueryOptions } from '#ports/warehouse'

export interface QueryClock {
  /** With a signal that also aborts when the time is over. */
  readonly query: QueryOptions
  readonly stop: () => void
}

/** Aborts a call that runs for `overrunMs` past its limit of time. */
export function startClock(query: QueryOptions, overrunMs: number | undefined): QueryClock {
  const seconds = query.limits?.seconds
  if (seconds === undefined || overrunMs === undefined) return { query, stop: () => undefined }
  const overdue = new AbortController()
  const timer = setTimeout(
    () => overdue.abort(new WarehouseError(`The query ran longer than ${seconds} s.`, 'timeout', 'TIMEOUT_EXCEEDED')),
    Math.min(seconds * 1000 + overrunMs, maxTimerMs),
  )
  const signal = query.signal === undefined ? overdue.signal : AbortSignal.any([query.signal, overdue.signal])
  return { query: { ...query, signal }, stop: () => clearTimeout(timer) }
}

const maxTimerMs = 2 ** 31 - 1
