import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { parseSearch, writeSearch } from '#ui/url-state'
import { PageFailure } from './shell/PageFailure.tsx'
import { Missing } from './shell/Missing.tsx'
import { Shell } from './shell/Shell.tsx'
import { modules } from './modules.ts'

export function makeRouter() {
  const root = createRootRoute({ notFoundComponent: Missing })
  const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./SignIn.tsx'), 'SignIn'),
  })
  const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell, errorComponent: PageFailure })
  const home = createRoute({
    getParentRoute: () => shell,
    path: '/',
    component: lazyRouteComponent(() => import('./home/Home.tsx'), 'Home'),
    errorComponent: PageFailure,
  })
  const pages = modules.flatMap((module) =>
    module.pages.map(({ path, load }) =>
      createRoute({
        getParentRoute: () => shell,
        path,
        component: lazyRouteComponent(async () => ({ default: await load() })),
        errorComponent: PageFailure,
      }),
    ),
  )
  const rest = createRoute({ getParentRoute: () => shell, path: '$', component: Missing })
  return createRouter({
    routeTree: root.addChildren([signIn, shell.addChildren([home, ...pages, rest])]),
    basepath: '/app',
    parseSearch,
    stringifySearch: writeSearch,
    defaultPendingMs: 200,
    defaultPendingMinMs: 300,
    scrollRestoration: true,
    defaultErrorComponent: PageFailure,
  })
}
