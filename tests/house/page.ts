/** For tests: a page that a module brings to the web, as HTML with the data of a server that runs. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileFunction } from 'node:vm'
import { build } from 'esbuild'

/** `pages` is the `web/pages.tsx` of the module, and `path` one that it names. */
export async function renderPage(pages: URL, path: string, serverUrl: string): Promise<string> {
  const resolveDir = dirname(fileURLToPath(pages))
  const { outputFiles } = await build({
    stdin: { contents: rendering(fileURLToPath(pages)), resolveDir, loader: 'tsx' },
    write: false,
    bundle: true,
    packages: 'external',
    format: 'cjs',
    platform: 'node',
    jsx: 'automatic',
    logLevel: 'error',
  })
  const module: { exports: { render?: (path: string, serverUrl: string) => Promise<string> } } = { exports: {} }
  compileFunction(outputFiles[0]!.text, ['require', 'module'])(createRequire(import.meta.url), module)
  return await module.exports.render!(path, serverUrl)
}

/** The first rendering finds the questions of the page, the second one shows their answers. */
const rendering = (pagesFile: string): string => `
  import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
  import { renderToString } from 'react-dom/server'
  import { pages } from ${JSON.stringify(pagesFile)}

  export async function render(path, serverUrl) {
    const page = pages.pages.find((each) => each.path === path)
    if (page === undefined) throw new Error('The module has no page "' + path + '".')
    if (!pages.navigation.some(({ to }) => to === path)) throw new Error('No entry of the navigation leads to "' + path + '".')
    const fetchOfPage = globalThis.fetch
    globalThis.fetch = (address, init) =>
      fetchOfPage(new URL(address, serverUrl), { ...init, headers: { ...init.headers, authorization: 'Bearer default' } })
    try {
      const Content = await page.load()
      const client = new QueryClient()
      const html = () => renderToString(<QueryClientProvider client={client}><Content /></QueryClientProvider>)
      html()
      await Promise.all(client.getQueryCache().getAll().map((query) => query.fetch()))
      return html()
    } finally {
      globalThis.fetch = fetchOfPage
    }
  }
`
