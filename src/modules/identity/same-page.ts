import type { IncomingHttpHeaders } from 'node:http'
import { identityErrors } from './errors.ts'

/**
 * A browser says where a request comes from; a cookie only counts when that is our own page.
 * Programs say nothing, and hold no cookie of somebody else's browser. `required`: a browser
 * always says it for this kind of request, so silence is refused.
 */
export function requireSamePage(headers: IncomingHttpHeaders, required: boolean): void {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined && site === undefined && !required) return
  if (origin !== undefined ? hostOf(origin) === host?.toLowerCase() : site === 'same-origin') return
  throw identityErrors.foreignPage({ origin: origin ?? (typeof site === 'string' ? site : 'an unnamed page') })
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
