import { Link } from '@tanstack/react-router'
import { Ellipsis, House, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { useNavigationEntries } from '../navigation-entries.ts'

const item =
  'flex h-14 min-w-11 flex-1 flex-col items-center justify-center gap-0.5 text-12 text-ink-3 data-[status=active]:text-water-ink'

/** The navigation on a phone. */
export function BottomBar({ onFind, onMore }: { readonly onFind: () => void; readonly onMore: () => void }) {
  const entries = useNavigationEntries().filter(({ inBar }) => inBar === true)
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-sunk pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
    >
      <BarLink to="/" title="Home" icon={<House size={18} strokeWidth={1.75} />} exact />
      {entries.map(({ to, title, icon }) => (
        <BarLink key={to} to={to} title={title} icon={icon} />
      ))}
      <button type="button" onClick={onFind} className={item}>
        <Search size={18} strokeWidth={1.75} aria-hidden="true" />
        <span className="text-[11px]">Find</span>
      </button>
      <button type="button" onClick={onMore} aria-haspopup="dialog" className={item}>
        <Ellipsis size={18} strokeWidth={1.75} aria-hidden="true" />
        <span className="text-[11px]">More</span>
      </button>
    </nav>
  )
}

function BarLink({
  to,
  title,
  icon,
  exact = false,
}: {
  readonly to: string
  readonly title: string
  readonly icon: ReactNode
  readonly exact?: boolean
}) {
  return (
    <Link to={to} search={{} as never} activeOptions={{ exact, includeSearch: false }} className={item}>
      {icon}
      <span className="max-w-full truncate text-[11px]">{title}</span>
    </Link>
  )
}
