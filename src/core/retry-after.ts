/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds, or an HTTP date in any of the three forms of RFC 9110.
 * Nothing for any other text.
 *
 * ```ts
 * const now = Date.parse('2026-11-01T09:00:00Z')
 * retryAfterMs('120', now) // 120000
 * retryAfterMs('Sun, 01 Nov 2026 09:01:00 GMT', now) // 60000
 * retryAfterMs('Sunday, 01-Nov-26 09:01:00 GMT', now) // 60000
 * retryAfterMs('Sun Nov  1 09:01:00 2026', now) // 60000
 * retryAfterMs('soon', now) // undefined
 * ```
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const at = httpDate(text, now)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

const fixdate = /^[A-Z][a-z]{2}, /
const rfc850 = /^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}:\d{2}:\d{2}) GMT$/
const asctime = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) (\d{4})$/

/** `Date.parse` makes a date of "1.5" too, and reads asctime as local time. */
function httpDate(text: string, now: number): number {
  if (fixdate.test(text)) return Date.parse(text)
  const [, month, day, time, year] = asctime.exec(text) ?? []
  if (year !== undefined) return Date.parse(`${day} ${month} ${year} ${time} GMT`)
  const [, shortDay, shortMonth, shortYear, shortTime] = rfc850.exec(text) ?? []
  if (shortYear === undefined) return Number.NaN
  const inCentury = (century: number) => Date.parse(`${shortDay} ${shortMonth} ${century}${shortYear} ${shortTime} GMT`)
  const thisYear = new Date(now).getUTCFullYear()
  const century = Math.floor(thisYear / 100)
  // RFC 9110, 5.6.7: what seems to be more than 50 years ahead is of the past.
  const latest = new Date(now).setUTCFullYear(thisYear + 50)
  return [century + 1, century, century - 1].map(inCentury).find((at) => at <= latest) ?? Number.NaN
}
