import { House, PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { cx } from '#ui/class-names'
import { Button } from '#ui/Button'
import { Keys } from '#ui/Keys'
import { useShortcut } from '#ui/shortcuts'
import { navigationGroups } from '#ui/page-route'
import { useNavigationEntries } from '../navigation-entries.ts'
import type { Session } from '../session.ts'
import { NavigationLink } from './NavigationLink.tsx'
import { Person } from './Person.tsx'
import { WorkspaceSwitcher } from './WorkspaceSwitcher.tsx'

const foldedKey = 'millrace.folded'

/** The ways through the product, at the left; folds to icons. */
export function Navigation({
  session,
  onFind,
}: {
  readonly session: Session | undefined
  readonly onFind: () => void
}) {
  const [folded, setFolded] = useState(() => localStorage.getItem(foldedKey) === '1')
  const fold = (): void => {
    localStorage.setItem(foldedKey, folded ? '0' : '1')
    setFolded(!folded)
  }
  useShortcut('[', 'Fold the navigation', fold, 'Everywhere')
  const entries = useNavigationEntries()
  return (
    <nav
      aria-label="Main"
      className={cx(
        'sticky top-0 flex h-dvh shrink-0 flex-col gap-0.5 overflow-y-auto border-r border-line bg-sunk p-2 max-md:hidden print:hidden',
        folded ? 'w-[52px]' : 'w-[220px]',
      )}
    >
      <WorkspaceSwitcher session={session} folded={folded} />
      <button
        type="button"
        onClick={onFind}
        title={folded ? 'Find or do anything' : undefined}
        className={cx(
          'mt-2 mb-3 flex h-8 items-center gap-2 rounded-md border border-line bg-canvas text-13 text-ink-3 hover:border-line-strong',
          folded ? 'justify-center' : 'px-2.5',
        )}
      >
        <Search size={15} aria-hidden="true" />
        <span className={cx('flex-1 text-left', folded && 'sr-only')}>Find</span>
        {!folded && <Keys keys="mod+k" />}
      </button>
      <NavigationLink to="/" title="Home" icon={<House size={16} strokeWidth={1.75} />} folded={folded} exact />
      {navigationGroups
        .filter((group) => entries.some((entry) => entry.group === group))
        .map((group) => (
          <Group key={group} title={group} folded={folded}>
            {entries
              .filter((entry) => entry.group === group)
              .map(({ to, title, icon }) => (
                <NavigationLink key={to} to={to} title={title} icon={icon} folded={folded} />
              ))}
          </Group>
        ))}
      <div className={cx('mt-auto flex items-center pt-4', folded ? 'flex-col-reverse gap-1' : 'justify-between')}>
        <Person session={session} />
        <Button
          tone="quiet"
          label={folded ? 'Unfold the navigation' : 'Fold the navigation'}
          icon={folded ? <PanelLeftOpen size={16} /> : <PanelLeftClose size={16} />}
          onClick={fold}
        />
      </div>
    </nav>
  )
}

function Group({
  title,
  folded,
  children,
}: {
  readonly title: string
  readonly folded: boolean
  readonly children: ReactNode
}) {
  return (
    <div
      role="group"
      aria-label={title}
      className={cx('mt-4 flex flex-col gap-0.5', folded && 'mt-2 border-t border-line pt-2')}
    >
      <h2 className={cx('px-2.5 pb-1 text-12 text-ink-3', folded && 'sr-only')}>{title}</h2>
      {children}
    </div>
  )
}
