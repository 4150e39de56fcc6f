import { Button } from '#ui/Button'
import { isStarted, type Draft } from './draft.ts'

/** A batch is mostly wanted at once; it can also be saved without a run. */
export function SaveButtons({
  draft,
  isNew,
  busy,
  blocked,
  onSave,
}: {
  readonly draft: Draft
  readonly isNew: boolean
  readonly busy: boolean
  /** It would overwrite what somebody else saved. */
  readonly blocked: boolean
  /** Without running it. */
  readonly onSave: () => void
}) {
  const disabled = blocked || !isStarted(draft) || draft.name.trim() === ''
  const batch = draft.type === 'batch'
  const verb = isNew ? 'Create' : 'Save'
  return (
    <div className="mt-8 flex flex-wrap gap-2 border-t border-line pt-5">
      <Button type="submit" tone="primary" busy={busy} disabled={disabled}>
        {batch ? `${verb} and run` : `${verb} pipeline`}
      </Button>
      {batch && (
        <Button busy={busy} disabled={disabled} onClick={onSave}>
          {isNew ? 'Create without running' : 'Save'}
        </Button>
      )}
    </div>
  )
}
