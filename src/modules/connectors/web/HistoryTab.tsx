import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Differences } from '#ui/Differences'
import { Confirmation } from '#ui/Dialog'
import { Failure, Skeleton } from '#ui/Nothing'
import { Ago } from '#ui/Time'
import { toast } from '#ui/Toasts'
import { act, versionsQuery, type Connection } from './connection-api.ts'

/** Every version with who made it and what changed; an earlier one can be made the current one again. */
export function HistoryTab({ connection, mayWrite }: { readonly connection: Connection; readonly mayWrite: boolean }) {
  const { name, version: current } = connection
  const versions = useQuery(versionsQuery(name))
  const [restoring, setRestoring] = useState<number>()
  const queries = useQueryClient()
  if (versions.isError) return <Failure error={versions.error} retry={() => void versions.refetch()} />
  if (versions.data === undefined) return <Skeleton className="h-40 w-full" />
  return (
    <>
      <ol className="flex max-w-[760px] flex-col gap-6">
        {versions.data.map(({ version, at, actor, definition }, index) => (
          <li key={version}>
            <div className="mb-1.5 flex min-h-8 flex-wrap items-center justify-between gap-x-4 text-13">
              <span>
                <span className="font-medium">{`Version ${version}`}</span>
                <span className="text-ink-3">
                  {' by '}
                  {actor?.name ?? 'Millrace'}
                  {', '}
                  <Ago at={at} />
                </span>
              </span>
              {mayWrite && version !== current && (
                <Button tone="quiet" onClick={() => setRestoring(version)}>
                  {`Restore version ${version}`}
                </Button>
              )}
            </div>
            {versions.data[index + 1] === undefined ? (
              <p className="text-13 text-ink-3">
                {version === 1 ? 'The connection was made.' : 'The first version kept.'}
              </p>
            ) : (
              <Differences before={versions.data[index + 1]?.definition} after={definition} />
            )}
          </li>
        ))}
      </ol>
      <Confirmation
        open={restoring !== undefined}
        onClose={() => setRestoring(undefined)}
        title={`Restore version ${restoring ?? ''}?`}
        about="Its settings become a new version. Secrets that belong to other settings must be entered again: restore is refused then, and names them."
        verb="Restore"
        refusal="Leave it"
        tone="primary"
        onConfirm={async () => {
          await act.restore(name, restoring ?? 0)
          toast(`Version ${restoring ?? ''} of ${name} restored`)
          await queries.invalidateQueries({ queryKey: ['connections'] })
        }}
      />
    </>
  )
}
