import { useState } from 'react'

export interface Action {
  readonly busy: boolean
  /** Of the last time that it failed. */
  readonly error: unknown
  readonly run: () => Promise<void>
}

/** Work that a button starts: whether it is under way, and why it failed. */
export function useAction(work: () => Promise<unknown>): Action {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const run = async (): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await work()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, run }
}
