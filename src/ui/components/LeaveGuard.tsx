import { useBlocker } from '@tanstack/react-router'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'

/** Asks before a page is left whose changes are not saved. Another tab or range of the same page is no leaving. */
export function LeaveGuard({ what, unsaved }: { readonly what: string; readonly unsaved: () => boolean }) {
  const held = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && unsaved(),
    enableBeforeUnload: unsaved,
    withResolver: true,
  })
  return (
    <LeaveQuestion
      what={what}
      open={held.status === 'blocked'}
      onStay={() => held.reset?.()}
      onLeave={() => held.proceed?.()}
    />
  )
}

/** Also asked where a dialog is closed whose changes are not saved. */
export function LeaveQuestion({
  what,
  open,
  onStay,
  onLeave,
}: {
  readonly what: string
  readonly open: boolean
  readonly onStay: () => void
  readonly onLeave: () => void
}) {
  return (
    <Dialog
      open={open}
      onClose={onStay}
      title="Leave without saving?"
      about={`What you changed in ${what} is not saved.`}
    >
      <div className="flex justify-end gap-2">
        <Button onClick={onStay}>Stay here</Button>
        <Button tone="danger" onClick={onLeave}>
          Leave without saving
        </Button>
      </div>
    </Dialog>
  )
}
