import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asProblem } from '../api/api-problem.ts'
import { Button } from '../components/Button.tsx'
import { Failure } from '../components/Nothing.tsx'
import { Ago } from '../components/Time.tsx'
import { Differences } from '../difference/Differences.tsx'
import { conflictSince, isStaleVersion, type SavedVersion } from './version-conflict.ts'

export interface OpenedVersion {
  /** "pipeline", as in the history. */
  readonly kind: string
  readonly id: string
  readonly version: number
  /** The newest first. */
  readonly history: (signal: AbortSignal) => Promise<readonly SavedVersion[]>
}

interface ConflictActions {
  readonly busy: boolean
  /** Opens the newest version; what was entered is given up. */
  readonly onTakeNewer: () => void
  /** Saves what was entered as a change of the newest version. */
  readonly onSaveOver: (version: number) => void
}

/** Why a form was not saved. A definition that somebody else changed meanwhile is never overwritten without a choice. */
export function SaveFailure({
  error,
  opened,
  ...actions
}: ConflictActions & {
  readonly error: unknown
  /** Nothing while a new one is made. */
  readonly opened: OpenedVersion | undefined
}) {
  if (opened === undefined || !isStaleVersion(error)) return <Failure error={error} compact />
  return <ConflictNotice key={asProblem(error).requestId} refusal={error} opened={opened} {...actions} />
}

/** Says who saved another version, shows the change, and lets choose between the two. */
export function ConflictNotice({
  refusal,
  opened,
  busy,
  onTakeNewer,
  onSaveOver,
}: ConflictActions & {
  /** Absent where it was noticed before a save was tried. */
  readonly refusal?: unknown
  readonly opened: OpenedVersion
}) {
  const [seen, setSeen] = useState(false)
  const { kind, id, version } = opened
  const history = useQuery({
    queryKey: ['version conflict', kind, id, version, refusal === undefined ? '' : asProblem(refusal).requestId],
    queryFn: ({ signal }) => opened.history(signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const conflict = conflictSince(version, history.data ?? [])
  const { newest, change } = conflict ?? {}
  return (
    <section
      role="alert"
      aria-label={`The ${kind} was changed meanwhile`}
      className="flex flex-col gap-3 rounded-md bg-warn-soft px-4 py-3 text-13 wrap-anywhere"
    >
      <div>
        <p className="font-semibold">{`The ${kind} was changed meanwhile`}</p>
        <p className="text-ink-2">
          {newest !== undefined && (
            <>
              {newest.actor === null
                ? `Version ${newest.version} was saved `
                : `${newest.actor.name} saved version ${newest.version} `}
              <Ago at={newest.at} />
              {`; you opened version ${version}. `}
            </>
          )}
          What you entered is still here, and is not saved.
        </p>
      </div>
      {history.isError && <Failure error={history.error} compact retry={() => void history.refetch()} />}
      {seen && change !== undefined && <Differences {...change} />}
      <div className="flex flex-wrap gap-2">
        {change !== undefined && (
          <Button aria-expanded={seen} onClick={() => setSeen(!seen)}>
            {seen ? 'Hide the change' : 'See the change'}
          </Button>
        )}
        <Button disabled={busy} onClick={onTakeNewer}>
          Take the newer version
        </Button>
        {newest !== undefined && (
          <Button tone="danger" busy={busy} onClick={() => onSaveOver(newest.version)}>
            Save mine over it
          </Button>
        )}
      </div>
    </section>
  )
}
