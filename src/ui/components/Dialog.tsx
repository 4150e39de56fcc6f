import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from '../class-names.ts'
import { useAction } from '../use-action.ts'
import { useReturnFocus } from './return-focus.ts'
import { Failure } from './Nothing.tsx'
import { Button, type ButtonTone } from './Button.tsx'

export function Dialog({
  open,
  onClose,
  title,
  about,
  wide = false,
  children,
}: {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly about?: ReactNode
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  const returnFocus = useReturnFocus(open)
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-veil" />
        <Radix.Content
          onCloseAutoFocus={returnFocus}
          {...(about === undefined ? { 'aria-describedby': undefined } : {})}
          className={cx(
            'fixed wrap-anywhere top-[14vh] left-1/2 z-50 flex max-h-[76vh] -translate-x-1/2 flex-col overflow-hidden rounded-xl bg-raised shadow-float outline-none',
            wide ? 'w-[min(720px,calc(100vw-32px))]' : 'w-[min(480px,calc(100vw-32px))]',
          )}
        >
          <div className="flex min-h-0 flex-col gap-4 overflow-y-auto p-6">
            <div className="pr-8">
              <Radix.Title className="text-16 font-semibold">{title}</Radix.Title>
              {about !== undefined && (
                <Radix.Description className="mt-1 text-13 text-ink-2">{about}</Radix.Description>
              )}
            </div>
            {children}
          </div>
          {/* Last, so that the dialog opens with the focus on its first field. */}
          <Radix.Close asChild>
            <Button tone="quiet" label="Close" icon={<X size={16} />} className="absolute top-3 right-3" />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Asks before something is done that is not undone. Names the thing, and the verb on the button. */
export function Confirmation({
  open,
  onClose,
  title,
  about,
  verb,
  refusal = 'Keep it',
  tone = 'danger',
  onConfirm,
}: {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly about: string
  readonly verb: string
  /** On the button that does nothing. */
  readonly refusal?: string
  readonly tone?: ButtonTone
  readonly onConfirm: () => Promise<unknown>
}) {
  const { busy, error, run } = useAction(async () => {
    await onConfirm()
    onClose()
  })
  return (
    <Dialog open={open} onClose={onClose} title={title} about={about}>
      {error !== undefined && <Failure error={error} compact />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{refusal}</Button>
        <Button tone={tone} busy={busy} onClick={() => void run()}>
          {verb}
        </Button>
      </div>
    </Dialog>
  )
}
