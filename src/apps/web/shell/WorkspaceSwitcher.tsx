import { ChevronsUpDown } from 'lucide-react'
import { cx } from '#ui/class-names'
import { Menu } from '#ui/Menu'
import { useSwitchWorkspace, type Session } from '../session.ts'
import { Mark } from './Mark.tsx'

/** Which workspace this is; a demo says that it is one. */
export function WorkspaceSwitcher({
  session,
  folded,
}: {
  readonly session: Session | undefined
  readonly folded: boolean
}) {
  const switchTo = useSwitchWorkspace()
  const workspace = session?.workspace
  return (
    <Menu
      align="start"
      label="Workspaces"
      trigger={
        <button
          type="button"
          aria-label={
            folded
              ? `${workspace === undefined ? 'Millrace' : titleOf(workspace)}, choose another workspace`
              : undefined
          }
          title={folded ? workspace?.title : undefined}
          className={cx(
            'flex h-12 shrink-0 items-center gap-2.5 rounded-md text-left hover:bg-hover',
            folded ? 'justify-center' : 'px-2',
          )}
        >
          <Mark />
          {!folded && (
            <>
              <span className="min-w-0 flex-1">
                <span className="block truncate text-13 leading-4 font-semibold tracking-[-0.01em]">
                  {workspace === undefined ? 'Millrace' : titleOf(workspace)}
                </span>{' '}
                {workspace?.demo === true ? (
                  <span className="block text-12 leading-4 text-warn">Demo, made-up data</span>
                ) : (
                  <span className="block text-12 leading-4 text-ink-3">Workspace</span>
                )}
                <span className="sr-only">, choose another</span>
              </span>
              <ChevronsUpDown size={14} className="shrink-0 text-ink-3" aria-hidden="true" />
            </>
          )}
        </button>
      }
      groups={[
        (session?.workspaces ?? []).map((one) => ({
          id: one.id,
          title: titleOf(one),
          about: one.demo ? 'Demo, with made-up data' : undefined,
          chosen: one.id === workspace?.id,
          onSelect: () => void switchTo(one.id),
        })),
      ]}
    />
  )
}

/** A demo is marked as one beside its title, so the title need not say it again. */
export function titleOf({ title, demo }: { readonly title: string; readonly demo: boolean }): string {
  const bare = demo ? title.replace(/^demo:\s*/i, '') : title
  return bare.charAt(0).toUpperCase() + bare.slice(1)
}

export function DemoTag() {
  return (
    <span
      title="Everything in this workspace is made up"
      className="rounded-[4px] bg-warn-soft px-1.5 text-12 font-medium text-warn"
    >
      Demo
    </span>
  )
}
