import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Differences } from '#ui/Differences'
import type { JsonSchema } from '#ui/json-schema'
import { Failure, Skeleton } from '#ui/Nothing'
import { Ago } from '#ui/Time'
import { versionsQuery, type Connection } from './connection-api.ts'
import { definitionTitle } from './connection-words.ts'
import { RestoreDialog } from './RestoreDialog.tsx'

/** Every version with who made it and what changed; an earlier one can be made the current one again. */
export function HistoryTab({
  connection,
  schema,
  mayWrite,
}: {
  readonly connection: Connection
  /** Of its settings. */
  readonly schema: JsonSchema
  readonly mayWrite: boolean
}) {
  const { name, version: current } = connection
  const versions = useQuery(versionsQuery(name))
  const [restoring, setRestoring] = useState<{ readonly version: number; readonly current: number }>()
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
                <Button tone="quiet" onClick={() => setRestoring({ version, current })}>
                  {`Restore version ${version}`}
                </Button>
              )}
            </div>
            {versions.data[index + 1] === undefined ? (
              <p className="text-13 text-ink-3">
                {version === 1 ? 'The connection was made.' : 'The first version kept.'}
              </p>
            ) : (
              <Differences
                before={versions.data[index + 1]?.definition}
                after={definition}
                titleOf={(place) => definitionTitle(place, schema)}
              />
            )}
          </li>
        ))}
      </ol>
      {restoring !== undefined && (
        <RestoreDialog name={name} schema={schema} {...restoring} onClose={() => setRestoring(undefined)} />
      )}
    </>
  )
}
