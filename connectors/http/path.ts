/** A path stays on the server of its connection, whose secrets are sent along. */

/** Parsers of URLs skip control characters, take "\\" for "/" and "%2e" for ".". */
export function isWithin(path: string): boolean {
  if (/[\p{Cc}\\]|^\s/u.test(path)) return false
  const [file = ''] = path.split(/[?#]/)
  if (file.split('/').some((step) => /^(\.|%2e){2}$/i.test(step))) return false
  return ['http', 'https'].every((scheme) => {
    const base = `${scheme}://millrace.invalid`
    return URL.parse(path, `${base}/`)?.origin === base
  })
}
