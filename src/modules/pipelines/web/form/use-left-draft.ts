import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useUrlState, type UrlState } from '#ui/url-state'
import type { Draft } from './draft.ts'

/** What was written, and to which version of the pipeline; none of a new one. */
interface Left {
  readonly draft: Draft
  readonly version: number | undefined
}

export interface LeftDraft {
  /** What was written when the form was left without saving. */
  readonly kept: Left | undefined
  /** The end and the connection that was made for it meanwhile. */
  readonly made: UrlState
  /** Rises when the draft is discarded. */
  readonly attempt: number
  readonly keep: (changed: Left) => void
  readonly forget: () => void
  readonly discard: () => void
}

/** Keeps a draft while the page is open, also when another page is looked at, such as one that adds a connection. */
export function useLeftDraft(id: string | undefined): LeftDraft {
  const queries = useQueryClient()
  const [url, changeUrl] = useUrlState()
  const key = ['pipeline draft', id ?? 'new']
  const [kept, setKept] = useState(() => queries.getQueryData<Left>(key))
  const [made, setMade] = useState<UrlState>(url)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (url['connection'] !== undefined) changeUrl({ connection: undefined, end: undefined })
  }, [url, changeUrl])
  const forget = (): void => queries.removeQueries({ queryKey: key })
  return {
    kept,
    made,
    attempt,
    keep: (changed) => {
      queries.setQueryDefaults(key, { gcTime: Number.POSITIVE_INFINITY })
      queries.setQueryData(key, changed)
    },
    forget,
    discard: () => {
      forget()
      setKept(undefined)
      setMade({})
      setAttempt(attempt + 1)
    },
  }
}
