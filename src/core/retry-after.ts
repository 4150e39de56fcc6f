/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds, or an HTTP date. Nothing for any other text.
 *
 * ```ts
 * const now = Date.parse('2026-11-01T09:00:00Z')
 * retryAfterMs('120', now) // 120000
 * retryAfterMs('Sun, 01 Nov 2026 09:01:00 GMT', now) // 60000
 * retryAfterMs('soon', now) // undefined
 * ```
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // `Date.parse` makes a date of "1.5" too.
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
