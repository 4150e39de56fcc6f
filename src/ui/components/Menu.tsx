import { cloneElement, lazy, Suspense, useState } from 'react'
import type { MenuProps } from './menu-items.ts'

const load = async () => ({ default: (await import('./MenuContent.tsx')).OpenableMenu })
const OpenableMenu = lazy(load)

/**
 * A menu under a button. Groups are parted by a hairline. Its code is loaded when the pointer rests on the
 * button or the menu is opened for the first time, since the shell has menus on every page.
 */
export function Menu(props: MenuProps) {
  const [opened, setOpened] = useState(false)
  const button = cloneElement(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: () => void load(),
    onClick: () => setOpened(true),
  })
  if (!opened) return button
  return (
    <Suspense fallback={button}>
      <OpenableMenu {...props} />
    </Suspense>
  )
}
