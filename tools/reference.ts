/**
 * Writes docs/reference from what the code declares: `npm run reference`. A test names the
 * pages that are out of date.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { connectors } from '#connectors'
import { expressionErrors } from '#core/expression'
import { kernelErrors } from '#kernel/errors'
import { modules } from '#apps/server/modules'
import { webhookErrors } from '#kernel/webhook-errors'
import { workerErrors } from '#kernel/worker-errors'
import { apiPage } from './reference/api-page.ts'
import { connectorsPage } from './reference/connectors-page.ts'
import { errorsPage } from './reference/errors-page.ts'
import { eventsPage } from './reference/events-page.ts'
import { expressionsPage } from './reference/expressions-page.ts'
import { permissionsPage } from './reference/permissions-page.ts'

const folder = new URL('../docs/reference/', import.meta.url)

export function referencePages(): Readonly<Record<string, string>> {
  const all = modules({ home: '/home', files: ['/home/files'], demo: true })
  const catalogues = all.flatMap(({ errors }) => (errors ? [errors] : []))
  return {
    'api.md': apiPage(all),
    'connectors.md': connectorsPage(connectors),
    'errors.md': errorsPage([kernelErrors, webhookErrors, workerErrors, expressionErrors, ...catalogues]),
    'events.md': eventsPage(all),
    'expressions.md': expressionsPage(),
    'permissions.md': permissionsPage(all),
  }
}

/** Names of the pages that differ from what the code declares. */
export async function stalePages(): Promise<readonly string[]> {
  const pages = Object.entries(referencePages())
  const kept = await Promise.all(pages.map(([name]) => readFile(new URL(name, folder), 'utf8').catch(() => '')))
  return pages.flatMap(([name, text], index) => (kept[index] === text ? [] : [name]))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await Promise.all(Object.entries(referencePages()).map(([name, text]) => writeFile(new URL(name, folder), text)))
  console.log(`Wrote ${Object.keys(referencePages()).join(', ')} to docs/reference.`)
}
