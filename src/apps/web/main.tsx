import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import './app.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiProblem } from '#ui/api-problem'
import { onSignedOut } from '#ui/request'
import { listenForShortcuts } from '#ui/shortcuts'
import { makeRouter } from './router.tsx'
import { keepWantedPage } from './wanted-page.ts'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502),
    },
  },
})
const router = makeRouter()

listenForShortcuts()
onSignedOut(() => {
  if (router.state.location.pathname === '/sign-in') return
  queries.clear()
  keepWantedPage(router.state.location.href)
  void router.navigate({ to: '/sign-in', search: { next: router.state.location.href } as never })
})

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
}
