import { useState } from 'react'

export interface Action<A extends readonly unknown[] = []> {
  readonly busy: boolean
  /** Of the last time that it failed. */
  readonly error: unknown
  readonly run: (...given: A) => Promise<void>
}

/** Work that a button starts: whether it is under way, and why it failed. */
export function useAction<A extends readonly unknown[]>(work: (...given: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const run = async (...given: A): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await work(...given)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, run }
}
