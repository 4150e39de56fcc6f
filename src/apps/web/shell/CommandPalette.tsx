import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import type { Findable } from '#ui/page-route'
import { useReturnFocus } from '#ui/return-focus'
import { chooseTheme } from '#ui/theme'
import { useGo } from '#ui/url-state'
import { modules } from '../modules.ts'
import { useNavigationEntries } from '../navigation-entries.ts'
import { signOut, useSession, useSwitchWorkspace } from '../session.ts'

const itemClasses =
  'flex h-9 cursor-pointer items-center gap-3 rounded-md px-3 text-13 select-none data-[selected=true]:bg-hover max-md:h-11'
const groupClasses =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-ink-3'

/** Find any page, pipeline, dataset or metric, or do something, without the pointer. */
export function CommandPalette({ onClose, onHelp }: { readonly onClose: () => void; readonly onHelp: () => void }) {
  const go = useGo()
  const returnFocus = useReturnFocus(true)
  const session = useSession()
  const switchTo = useSwitchWorkspace()
  const found = useQuery({ queryKey: ['palette'], queryFn: ({ signal }) => findAll(signal), staleTime: 15_000 })
  const then = (run: () => void) => () => {
    onClose()
    run()
  }
  const pages = [{ to: '/', title: 'Home' }, ...useNavigationEntries()]
  const kinds = [...new Set(found.data?.map(({ kind }) => kind))]
  const others = session?.workspaces.filter(({ id }) => id !== session.workspace.id) ?? []
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          onCloseAutoFocus={returnFocus}
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(600px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-xl bg-raised shadow-float outline-none"
        >
          <Radix.Title className="sr-only">Find or do anything</Radix.Title>
          <Command label="Find or do anything" loop>
            <Command.Input
              placeholder="Find a pipeline, dataset or metric, or do something"
              className="h-12 w-full border-b border-line px-4 text-14 outline-none placeholder:text-ink-3 max-md:text-16"
            />
            <Command.List className="max-h-[52vh] overflow-y-auto p-1.5 pb-2">
              <Command.Empty className="px-3 py-6 text-13 text-ink-3">Nothing here has that name.</Command.Empty>
              {kinds.map((kind) => (
                <Command.Group key={kind} heading={kind} className={groupClasses}>
                  {found.data
                    ?.filter((one) => one.kind === kind)
                    .map((one) => (
                      <Command.Item
                        key={one.to}
                        value={`${one.title} ${one.about ?? ''} ${kind}`}
                        onSelect={then(() => go(one.to))}
                        className={itemClasses}
                      >
                        <span className="truncate">{one.title}</span>
                        <span className="ml-auto truncate text-12 text-ink-3">{one.about}</span>
                      </Command.Item>
                    ))}
                </Command.Group>
              ))}
              <Command.Group heading="Do" className={groupClasses}>
                {modules
                  .flatMap(({ actions = [] }) => actions)
                  .map(({ title, to }) => (
                    <Command.Item key={title} onSelect={then(() => go(to))} className={itemClasses}>
                      {title}
                    </Command.Item>
                  ))}
                {others.map(({ id, title }) => (
                  <Command.Item
                    key={id}
                    onSelect={then(() => void switchTo(id))}
                    className={itemClasses}
                  >{`Switch to ${title}`}</Command.Item>
                ))}
                {(['light', 'dark', 'system'] as const).map((theme) => (
                  <Command.Item key={theme} onSelect={then(() => chooseTheme(theme))} className={itemClasses}>
                    {theme === 'system' ? 'Use the system’s theme' : `Use the ${theme} theme`}
                  </Command.Item>
                ))}
                <Command.Item onSelect={then(onHelp)} className={itemClasses}>
                  Show the keys
                </Command.Item>
                <Command.Item onSelect={then(() => void signOut())} className={itemClasses}>
                  Sign out
                </Command.Item>
              </Command.Group>
              <Command.Group heading="Pages" className={groupClasses}>
                {pages.map(({ to, title }) => (
                  <Command.Item key={to} value={`page ${title}`} onSelect={then(() => go(to))} className={itemClasses}>
                    {title}
                  </Command.Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** What one module cannot tell must not hide what the others can. */
async function findAll(signal: AbortSignal): Promise<readonly Findable[]> {
  const answers = await Promise.allSettled(modules.map(({ find }) => find?.(signal) ?? []))
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
}
