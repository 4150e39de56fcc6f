import { Pin, PinOff } from 'lucide-react'
import type { MenuItem } from '#ui/menu-items'
import type { PinControls } from './use-pins.ts'

/** Pins a metric to Home, or unpins it. */
export function pinItem(pins: PinControls, { code, name }: { readonly code: string; readonly name: string }): MenuItem {
  return pins.codes.includes(code)
    ? { id: 'unpin', title: 'Unpin from Home', icon: <PinOff size={15} />, onSelect: () => pins.unpin(code, name) }
    : { id: 'pin', title: 'Pin to Home', icon: <Pin size={15} />, onSelect: () => pins.pin(code, name) }
}
