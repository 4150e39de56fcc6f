import { Link } from '@tanstack/react-router'
import { Check, LogOut } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { chooseTheme, useTheme } from '#ui/theme'
import { useNavigationEntries } from '../navigation-entries.ts'
import { signOut, useSession, useSwitchWorkspace } from '../session.ts'
import { themes } from './themes.tsx'
import { titleOf } from './WorkspaceSwitcher.tsx'

const row = 'flex min-h-11 items-center gap-3 rounded-md px-3 text-left text-14 hover:bg-hover'

/** What a wide screen shows at its edges, on a phone from below: the pages the bar has no room for, workspace, theme and the way out. */
export function MoreSheet({ onClose }: { readonly onClose: () => void }) {
  const session = useSession()
  const switchTo = useSwitchWorkspace()
  const { chosen } = useTheme()
  const pages = useNavigationEntries().filter(({ inBar }) => inBar !== true)
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 bottom-0 z-50 flex max-h-[80dvh] flex-col overflow-y-auto rounded-t-xl bg-raised p-3 pb-[max(12px,env(safe-area-inset-bottom))] shadow-float outline-none"
        >
          <Radix.Title className="px-3 pt-1 pb-2 text-16 font-semibold">
            {session === undefined ? 'More' : session.name}
          </Radix.Title>
          <Group title="Pages">
            {pages.map(({ to, title, icon }) => (
              <Link key={to} to={to} search={{} as never} onClick={onClose} className={row}>
                <span className="text-ink-3">{icon}</span>
                {title}
              </Link>
            ))}
          </Group>
          <Group title="Workspace">
            {session?.workspaces.map((workspace) => (
              <Choice
                key={workspace.id}
                chosen={workspace.id === session.workspace.id}
                onChoose={() => {
                  onClose()
                  if (workspace.id !== session.workspace.id) void switchTo(workspace.id)
                }}
              >
                <span className="min-w-0 flex-1 truncate">{titleOf(workspace)}</span>
                {workspace.demo && <span className="text-12 text-warn">Demo, made-up data</span>}
              </Choice>
            ))}
          </Group>
          <Group title="Theme">
            {themes.map(({ theme, title, icon }) => (
              <Choice key={theme} chosen={chosen === theme} onChoose={() => chooseTheme(theme)}>
                <span className="text-ink-3">{icon}</span>
                <span className="flex-1">{title}</span>
              </Choice>
            ))}
          </Group>
          <button
            type="button"
            onClick={() => void signOut()}
            className="mt-1 flex min-h-11 items-center gap-3 rounded-md border-t border-line px-3 text-left text-14 hover:bg-hover"
          >
            <LogOut size={15} className="text-ink-3" aria-hidden="true" />
            Sign out
          </button>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div role="group" aria-label={title} className="mb-1 flex flex-col">
      <h3 className="px-3 pt-2 pb-1 text-12 text-ink-3">{title}</h3>
      {children}
    </div>
  )
}

function Choice({
  chosen,
  onChoose,
  children,
}: {
  readonly chosen: boolean
  readonly onChoose: () => void
  readonly children: ReactNode
}) {
  return (
    <button type="button" aria-pressed={chosen} onClick={onChoose} className={row}>
      {children}
      {chosen && <Check size={15} className="shrink-0 text-water-ink" aria-hidden="true" />}
    </button>
  )
}
