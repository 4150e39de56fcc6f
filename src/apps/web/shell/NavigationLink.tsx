import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { cx } from '#ui/class-names'

export function NavigationLink({
  to,
  title,
  icon,
  folded = false,
  exact = false,
}: {
  readonly to: string
  readonly title: string
  readonly icon: ReactNode
  readonly folded?: boolean
  readonly exact?: boolean
}) {
  return (
    <Link
      to={to}
      search={{} as never}
      activeOptions={{ exact, includeSearch: false }}
      preload="intent"
      title={folded ? title : undefined}
      className={cx(
        'group relative flex h-8 items-center gap-2.5 rounded-md text-13 text-ink-2 hover:bg-hover hover:text-ink',
        'aria-[current=page]:font-medium aria-[current=page]:text-ink data-[status=active]:bg-hover data-[status=active]:text-ink',
        folded ? 'justify-center' : 'px-2.5',
      )}
    >
      <span
        aria-hidden="true"
        className="absolute inset-y-1.5 -left-2 w-[3px] rounded-r-full bg-water opacity-0 group-data-[status=active]:opacity-100"
      />
      <span className="group-data-[status=active]:text-water-ink">{icon}</span>
      <span className={cx(folded && 'sr-only')}>{title}</span>
    </Link>
  )
}
