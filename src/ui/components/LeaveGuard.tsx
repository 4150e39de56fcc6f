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
    <Dialog
      open={held.status === 'blocked'}
      onClose={() => held.reset?.()}
      title="Leave without saving?"
      about={`What you changed in ${what} is not saved.`}
    >
      <div className="flex justify-end gap-2">
        <Button onClick={() => held.reset?.()}>Stay here</Button>
        <Button tone="danger" onClick={() => held.proceed?.()}>
          Leave without saving
        </Button>
      </div>
    </Dialog>
  )
}
