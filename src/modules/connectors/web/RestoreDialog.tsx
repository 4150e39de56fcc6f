import { useQueryClient } from '@tanstack/react-query'
import { Button } from '#ui/Button'
import { ConflictNotice } from '#ui/ConflictNotice'
import { Dialog } from '#ui/Dialog'
import type { JsonSchema } from '#ui/json-schema'
import { Failure } from '#ui/Nothing'
import { toast } from '#ui/Toasts'
import { useAction } from '#ui/use-action'
import { useConflict } from '#ui/use-conflict'
import { isStaleVersion } from '#ui/version-conflict'
import { act, readVersions } from './connection-api.ts'
import { definitionTitle } from './connection-words.ts'

/** Asks before an earlier version of a connection is restored; when somebody else saved one meanwhile, once more. */
export function RestoreDialog({
  name,
  schema,
  version,
  current,
  onClose,
}: {
  readonly name: string
  /** Of its settings. */
  readonly schema: JsonSchema
  readonly version: number
  /** The version that was the current one when the dialog was opened. */
  readonly current: number
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const { busy, error, run } = useAction(async (over: number) => {
    try {
      await act.restore(name, version, over)
      toast(`Version ${version} of ${name} restored`)
      onClose()
    } finally {
      // After a refusal too: the history then shows what somebody else saved.
      void queries.invalidateQueries({ queryKey: ['connections'] })
    }
  })
  const conflict = useConflict(
    {
      kind: 'connection',
      id: name,
      version: current,
      history: (signal) => readVersions(name, signal),
      titleOf: (place) => definitionTitle(place, schema),
    },
    error,
  )
  return (
    <Dialog
      open
      wide={conflict !== undefined}
      onClose={onClose}
      title={`Restore version ${version}?`}
      about="Its settings become a new version. Secrets that belong to other settings must be entered again: restore is refused then, and names them."
    >
      <ConflictNotice
        conflict={conflict}
        busy={busy}
        onTakeNewer={onClose}
        onSaveOver={(newest) => void run(newest)}
        words={{
          outcome: `Version ${version} is not restored.`,
          takeNewer: 'Keep the newer version',
          saveOver: (newest) => `Restore over version ${newest}`,
        }}
      />
      {error !== undefined && !isStaleVersion(error) && <Failure error={error} compact />}
      {conflict === undefined && (
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button tone="primary" busy={busy} onClick={() => void run(current)}>
            Restore
          </Button>
        </div>
      )}
    </Dialog>
  )
}
