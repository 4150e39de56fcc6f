import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

export interface Tab {
  readonly id: string
  readonly title: string
  readonly count?: number | undefined
  readonly content: ReactNode
}

/** Tabs beneath a page's head; which one is open is kept in the URL, so the page gives it. */
export function Tabs({
  tabs,
  open,
  onOpen,
  label,
}: {
  readonly tabs: readonly Tab[]
  readonly open: string
  readonly onOpen: (id: string) => void
  readonly label: string
}) {
  const shown = tabs.some(({ id }) => id === open) ? open : (tabs[0]?.id ?? '')
  return (
    <Radix.Root value={shown} onValueChange={onOpen}>
      <Radix.List aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
        {tabs.map(({ id, title, count }) => (
          <Radix.Trigger
            key={id}
            value={id}
            className="touch -mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent text-13 font-medium whitespace-nowrap text-ink-3 hover:text-ink data-[state=active]:border-water data-[state=active]:text-ink"
          >
            {title}
            {count !== undefined && <span className="figures text-12 font-normal text-ink-3">{count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(({ id, content }) => (
        <Radix.Content key={id} value={id} className="pt-5">
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
