import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button } from './Button.tsx'
import { StatusMark, type Tone } from './Status.tsx'

interface Toast {
  readonly id: number
  readonly tone: Tone
  readonly text: string
  readonly action: ToastAction | undefined
}

/** What can still be done about it: “Undo”. */
export interface ToastAction {
  readonly title: string
  readonly onSelect: () => void
}

let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

/** Says in passing that something was done. Errors are shown where they happened, not here. */
export function toast(text: string, tone: Tone = 'good', action?: ToastAction): void {
  const id = nextId++
  toasts = [...toasts.slice(-2), { id, tone, text, action }]
  tell()
  setTimeout(() => dismiss(id), action === undefined ? 5_000 : 12_000)
}

function dismiss(id: number): void {
  toasts = toasts.filter((other) => other.id !== id)
  tell()
}

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-20 z-60 flex flex-col gap-2 md:bottom-4"
    >
      {shown.map(({ id, tone, text, action }) => (
        <div
          key={id}
          className="pointer-events-auto flex max-w-[min(400px,calc(100vw-32px))] animate-[settle_120ms_ease-out] items-center gap-3 rounded-lg bg-raised py-1.5 pr-1.5 pl-4 text-13 shadow-float"
        >
          <StatusMark tone={tone} />
          <span className="min-w-0 flex-1 wrap-anywhere">{text}</span>
          {action !== undefined && (
            <Button
              onClick={() => {
                dismiss(id)
                action.onSelect()
              }}
            >
              {action.title}
            </Button>
          )}
          <Button tone="quiet" label="Dismiss" icon={<X size={14} />} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  )
}
