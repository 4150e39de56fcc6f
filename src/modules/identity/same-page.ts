import type { IncomingHttpHeaders } from 'node:http'
import { identityErrors } from './errors.ts'

/**
 * A browser says where a change or a socket comes from, always; a cookie only counts when that is
 * our own page. Programs say nothing, and hold no cookie of somebody else's browser. The name is
 * that of the `Host` header: behind a proxy that must be the one the browser asked for.
 */
export function requireSamePage(headers: IncomingHttpHeaders): void {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined ? site === undefined || site === 'same-origin' : isOurs(origin, headers)) return
  throw identityErrors.foreignPage({ origin: origin ?? String(site) })
}

/** Other pages, also those of other ports of this host, may lead here but not read: not even how long an answer takes. */
export function requireOwnReader(headers: IncomingHttpHeaders): void {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return
  if (headers['sec-fetch-mode'] === 'navigate') return
  throw identityErrors.foreignPage({ origin: String(site) })
}

/** Whether the browser came over TLS, which a proxy in front of us tells. */
export function isSecure(headers: IncomingHttpHeaders): boolean {
  const [nearestBrowser] = String(headers['x-forwarded-proto'] ?? '').split(',')
  return nearestBrowser?.trim() === 'https'
}

function isOurs(origin: string, headers: IncomingHttpHeaders): boolean {
  if (!/^https?:/i.test(origin) || !URL.canParse(origin)) return false
  const page = new URL(origin)
  if (isSecure(headers) && page.protocol !== 'https:') return false
  const here = `${page.protocol}//${headers.host ?? ''}`
  return URL.canParse(here) && new URL(here).host === page.host
}
