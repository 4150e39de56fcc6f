import { useRef } from 'react'

/**
 * Where the focus goes when a dialog closes: to what had it when the dialog opened, or, where that is gone, to the
 * content of the page. Radix returns it only to a trigger of its own, which dialogs opened by a key do not have.
 */
export function useReturnFocus(open: boolean): (event: Event) => void {
  const before = useRef<Element | null>(null)
  const wasOpen = useRef(false)
  if (open && !wasOpen.current) before.current = focusedNow()
  wasOpen.current = open
  return (event) => {
    event.preventDefault()
    const to = before.current
    if (to instanceof HTMLElement && to.isConnected && to !== document.body) to.focus()
    // The dialog around this one, closed with it, may have returned the focus already.
    else if (document.activeElement === document.body)
      document.getElementById('content')?.focus({ preventScroll: true })
  }
}

/** An item of a menu is gone when the dialog closes, the button of the menu is not. */
function focusedNow(): Element | null {
  const focused = document.activeElement
  const button = focused?.closest('[role=menu]')?.getAttribute('aria-labelledby')
  return (button && document.getElementById(button)) || focused
}
