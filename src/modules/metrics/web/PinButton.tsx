import { Pin, PinOff } from 'lucide-react'
import { Button } from '#ui/Button'
import { useShortcut } from '#ui/shortcuts'
import { usePins } from './use-pins.ts'

/** Pins a metric to Home, or takes it from there. */
export function PinButton({ code, name }: { readonly code: string; readonly name: string }) {
  const pins = usePins()
  const pinned = pins?.codes.includes(code) === true
  const toggle = (): void => (pinned ? pins?.unpin(code, name) : pins?.pin(code, name))
  const does = pinned ? 'Unpin from Home' : 'Pin to Home'
  useShortcut('p', does, toggle)
  return (
    <Button icon={pinned ? <PinOff size={14} /> : <Pin size={14} />} disabled={pins === undefined} onClick={toggle}>
      {does}
    </Button>
  )
}
