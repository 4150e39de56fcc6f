import { DropdownMenu as Radix } from 'radix-ui'
import { Check } from 'lucide-react'
import { useRef } from 'react'
import type { MenuProps } from './menu-items.ts'

/** The part of a menu that is loaded when one is first opened. */
export function OpenableMenu({ trigger, groups, align = 'end', label }: MenuProps) {
  const isOpen = useRef(true)
  return (
    <Radix.Root modal={false} defaultOpen onOpenChange={(next) => (isOpen.current = next)}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          onCloseAutoFocus={(event) => {
            // It comes a moment after the menu has closed. Opened again by then, the menu would lose the focus and close.
            if (isOpen.current) event.preventDefault()
          }}
          className="z-50 min-w-52 rounded-lg bg-raised p-1 shadow-float"
        >
          {groups.map((items, group) => (
            <Radix.Group key={group} className="border-line not-first:mt-1 not-first:border-t not-first:pt-1">
              {items.map((item) => (
                <Radix.Item
                  key={item.id}
                  onSelect={item.onSelect}
                  className={`touch flex min-h-8 cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1 text-13 outline-none select-none data-highlighted:bg-hover ${item.danger === true ? 'text-bad' : ''}`}
                >
                  {item.icon !== undefined && <span className="text-ink-3">{item.icon}</span>}
                  <span className="flex-1">
                    {item.title}
                    {item.about !== undefined && <span className="block text-12 text-ink-3">{item.about}</span>}
                  </span>
                  {item.chosen === true && <Check size={14} className="text-water-ink" aria-label="chosen" />}
                </Radix.Item>
              ))}
            </Radix.Group>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
