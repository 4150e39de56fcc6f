import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'

/** For the query of a definition that a form changes: it is read anew when the form opens, and not behind its back. */
export const readOnOpen = { refetchOnMount: 'always', refetchOnWindowFocus: false, refetchOnReconnect: false } as const

/**
 * A definition as the form opened it, whatever is read later; `reopen` takes the newest.
 *
 * The version that the form sends with its change is that of `opened`.
 */
export function useOpened<Definition>(query: UseQueryResult<Definition>) {
  const [opened, setOpened] = useState<Definition>()
  const { data, isFetchedAfterMount, isFetching, isError } = query
  if (opened === undefined && data !== undefined && isFetchedAfterMount && !isFetching && !isError) setOpened(data)
  return {
    opened,
    reopen: (): void => {
      void query.refetch()
      setOpened(undefined)
    },
  }
}
