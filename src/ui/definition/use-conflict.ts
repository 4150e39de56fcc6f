import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asProblem } from '../api/api-problem.ts'
import { conflictSince, isStaleVersion, type SavedVersion } from './version-conflict.ts'

export interface OpenedVersion {
  /** "pipeline", as in the history. */
  readonly kind: string
  readonly id: string
  readonly version: number
  /** The newest first. */
  readonly history: (signal: AbortSignal) => Promise<readonly SavedVersion[]>
  /** The label of the field at a place of the definition, such as `tiles.0.title`. */
  readonly titleOf: (place: string) => string
}

/** That somebody else saved another version than the one that a form opened. */
export interface Conflict {
  readonly opened: OpenedVersion
  /** Another one for each refusal. */
  readonly key: string
  /** Absent until the history is read. */
  readonly newest: SavedVersion | undefined
  readonly change: { readonly before: unknown; readonly after: unknown } | undefined
  readonly error: unknown
  readonly retry: () => void
}

/**
 * The conflict of a form with what is stored. It stays, whatever is entered meanwhile, until the form opens another
 * version: save buttons are disabled as long as it does, and what saving would change is computed from `newest`.
 */
export function useConflict(
  /** Nothing while a new definition is made. */
  opened: OpenedVersion | undefined,
  /** Of the last save. */
  error: unknown,
  /** It is known before a save is tried. */
  isOutdated = false,
): Conflict | undefined {
  const [refusal, setRefusal] = useState<unknown>()
  if (isStaleVersion(error) && error !== refusal) setRefusal(error)
  const isOpen = opened !== undefined && (refusal !== undefined || isOutdated)
  const key = refusal === undefined ? '' : (asProblem(refusal).requestId ?? '')
  const history = useQuery({
    queryKey: ['version conflict', opened?.kind, opened?.id, opened?.version, key],
    queryFn: ({ signal }) => opened!.history(signal),
    enabled: isOpen,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (!isOpen) return undefined
  const { newest, change } = conflictSince(opened.version, history.data ?? []) ?? {}
  return { opened, key, newest, change, error: history.error, retry: () => void history.refetch() }
}
