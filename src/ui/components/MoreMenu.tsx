import { MoreHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from './Button.tsx'
import { Confirmation } from './Dialog.tsx'
import { Menu } from './Menu.tsx'
import type { MenuItem } from './menu-items.ts'

export interface Removal {
  /** On the menu and the button: “Delete metric”. */
  readonly verb: string
  readonly name: string
  /** What is gone then, and what stays. */
  readonly about: string
  readonly onAsk?: () => void
  readonly onConfirm: () => Promise<unknown>
}

/** Rarer actions on an object; deleting it comes last and asks for confirmation. */
export function MoreMenu({ items = [], removal }: { readonly items?: readonly MenuItem[]; readonly removal: Removal }) {
  const [removing, setRemoving] = useState(false)
  const ask = (): void => {
    removal.onAsk?.()
    setRemoving(true)
  }
  return (
    <>
      <Menu
        label="More"
        trigger={<Button tone="quiet" label="More" icon={<MoreHorizontal size={16} />} />}
        groups={[
          items,
          [{ id: 'delete', title: removal.verb, icon: <Trash2 size={15} />, danger: true, onSelect: ask }],
        ].filter((group) => group.length > 0)}
      />
      <Confirmation
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Delete ${removal.name}?`}
        about={removal.about}
        verb={removal.verb}
        onConfirm={removal.onConfirm}
      />
    </>
  )
}
