import { useEffect } from 'react'
import { useUrlState } from '../url-state.ts'

/**
 * The time zone of a page. Where its URL names none it is this browser's, and is put into the URL,
 * so that whoever follows the link sees the same numbers.
 */
export function useZone(): string {
  const [url, changeUrl] = useUrlState()
  const given = url['zone']
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  useEffect(() => {
    if (given === undefined) changeUrl({ zone: here })
  }, [given, here, changeUrl])
  return given ?? here
}
