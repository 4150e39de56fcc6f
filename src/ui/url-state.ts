import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type UrlState = Readonly<Record<string, string | undefined>>

/** What the page shows is kept in the URL: reading and changing the search part. */
export function useUrlState(): [UrlState, (change: UrlState, options?: { keep?: boolean }) => void] {
  const search = useSearch({ strict: false }) as UrlState
  const navigate = useNavigate()
  const change = useCallback(
    (next: UrlState, { keep = false }: { keep?: boolean } = {}) => {
      void navigate({
        to: '.',
        replace: !keep,
        search: ((before: UrlState) => present({ ...before, ...next })) as never,
      } as never)
    },
    [navigate],
  )
  return [search, change]
}

export function useParam(name: string): string {
  return (useParams({ strict: false }) as Readonly<Record<string, string>>)[name] ?? ''
}

export function useGo(): (to: string, search?: UrlState) => void {
  const navigate = useNavigate()
  return useCallback((to, search) => void navigate({ to, search: (search ?? {}) as never }), [navigate])
}

function present(state: UrlState): UrlState {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined && value !== ''))
}

/** Plain `name=value`, so that a link reads as one would type it. */
export function parseSearch(text: string): UrlState {
  return Object.fromEntries(new URLSearchParams(text))
}

export function writeSearch(state: Record<string, unknown>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(state))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  const text = search.toString().replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',')
  return text === '' ? '' : `?${text}`
}
