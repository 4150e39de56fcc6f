import { useQuery } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { asProblem } from '#ui/api-problem'
import { Failure } from '#ui/Nothing'
import { useShortcut } from '#ui/shortcuts'
import { flipTheme } from '#ui/theme'
import { Toasts } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { useNavigationEntries } from '../navigation-entries.ts'
import { sessionQuery } from '../session.ts'
import { BottomBar } from './BottomBar.tsx'
import { ConnectionNote } from './ConnectionNote.tsx'
import { Navigation } from './Navigation.tsx'
import { WorkspaceOfLink } from './WorkspaceOfLink.tsx'

const CommandPalette = lazy(async () => ({ default: (await import('./CommandPalette.tsx')).CommandPalette }))
const MoreSheet = lazy(async () => ({ default: (await import('./MoreSheet.tsx')).MoreSheet }))
const KeyboardHelp = lazy(async () => ({ default: (await import('./KeyboardHelp.tsx')).KeyboardHelp }))

/** Everything around a page: where to go, who is here, what the keys do. */
export function Shell() {
  const session = useQuery(sessionQuery)
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  const [more, setMore] = useState(false)
  useShortcut('mod+k', 'Find or do anything', () => setPalette(true), 'Everywhere')
  useShortcut('?', 'Show the keys', () => setHelp(true), 'Everywhere')
  useShortcut('d', 'Light or dark', flipTheme, 'Everywhere')
  if (session.isError && asProblem(session.error).status === 401) return null
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-raised px-4 py-2 shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <GoKeys />
      <Navigation session={session.data} onFind={() => setPalette(true)} />
      <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none max-md:pb-16">
        <ConnectionNote />
        {session.isError ? (
          <div className="p-8">
            <Failure error={session.error} retry={() => void session.refetch()} />
          </div>
        ) : (
          session.data !== undefined && (
            <WorkspaceOfLink session={session.data}>
              <Outlet />
            </WorkspaceOfLink>
          )
        )}
      </main>
      <BottomBar onFind={() => setPalette(true)} onMore={() => setMore(true)} />
      <Toasts />
      <Suspense>
        {more && <MoreSheet onClose={() => setMore(false)} />}
        {palette && <CommandPalette onClose={() => setPalette(false)} onHelp={() => setHelp(true)} />}
        {help && <KeyboardHelp onClose={() => setHelp(false)} />}
      </Suspense>
    </div>
  )
}

function GoKeys() {
  const go = useGo()
  useShortcut('g h', 'Go to Home', () => go('/'), 'Go')
  return useNavigationEntries().map(({ to, title, key }) => <GoKey key={to} to={to} title={title} second={key} />)
}

function GoKey({ to, title, second }: { readonly to: string; readonly title: string; readonly second: string }) {
  const go = useGo()
  useShortcut(`g ${second}`, `Go to ${title}`, () => go(to), 'Go')
  return null
}
