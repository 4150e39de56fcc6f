import { useSyncExternalStore } from 'react'
import { StatusMark } from '#ui/Status'

function subscribe(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

/** Says when this browser has no network; live parts say for themselves when they reconnect. */
export function ConnectionNote() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine)
  return (
    <div role="status">
      {!online && (
        <p className="flex items-center justify-center gap-2 bg-warn-soft px-4 py-1.5 text-13 text-ink">
          <StatusMark tone="warn" />
          This browser is offline. You see the last values that arrived; updates continue when it is online.
        </p>
      )}
    </div>
  )
}
