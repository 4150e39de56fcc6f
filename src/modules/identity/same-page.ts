import type { IncomingHttpHeaders } from 'node:http'
import { identityErrors } from './errors.ts'

/**
 * A browser says where a change or a socket comes from, always; a cookie only counts when that is
 * our own page. Programs say nothing, and hold no cookie of somebody else's browser.
 */
export function requireSamePage(headers: IncomingHttpHeaders): void {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined && site === undefined) return
  if (origin !== undefined ? hostOf(origin) === host?.toLowerCase() : site === 'same-origin') return
  throw identityErrors.foreignPage({ origin: origin ?? String(site) })
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
