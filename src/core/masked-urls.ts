/**
 * Secrets in the URLs of a text, struck out by the names of their parameters. For whatever is logged, recorded or told
 * in an error: settings of an earlier version, drivers and other servers may have put one there.
 *
 * ```ts
 * withoutUrlSecrets('GET https://shop.example/orders?page=2&api_key=hunter2 failed') // 'GET https://shop.example/orders?page=2&api_key=*** failed'
 * withoutUrlSecrets('postgres://ann:hunter2@db.example/shop') // 'postgres://ann:***@db.example/shop'
 * ```
 */
export function withoutUrlSecrets(text: string): string {
  const found = text.includes('=') ? withoutSecretParameters(text) : text
  return found.includes('://') ? withoutPasswords(found) : found
}

/** Texts may be long and hostile, so each character is looked at a bounded number of times. */
const parameter = /(?:[?&;#]|\\u0026)([\w.~%+[\]$-]{1,200})=/g
const endsValue = /[\s&;#"'`<>\\]/g

function withoutSecretParameters(text: string): string {
  let [masked, from] = ['', 0]
  parameter.lastIndex = 0
  for (let match = parameter.exec(text); match !== null; match = parameter.exec(text)) {
    if (!isSecretName(match[1] ?? '')) continue
    const value = parameter.lastIndex
    endsValue.lastIndex = value
    const end = endsValue.exec(text)?.index ?? text.length
    if (end === value) continue
    masked += `${text.slice(from, value)}***`
    from = end
    parameter.lastIndex = end
  }
  return masked + text.slice(from)
}

const endsAuthority = /[\s"'`<>\\?#@]/g

function withoutPasswords(text: string): string {
  let [masked, from] = ['', 0]
  for (let at = text.indexOf('://'); at !== -1;) {
    const start = at + 3
    endsAuthority.lastIndex = start
    const end = endsAuthority.exec(text)?.index ?? text.length
    const colon = text.indexOf(':', start)
    // A password may hold a slash; `host:8000/` is a port, and `host/a:b@c` a path.
    const isPassword = colon !== -1 && colon + 1 < end && !text.slice(start, colon).includes('/')
    if (text.charAt(end) === '@' && isPassword && !/^\d{1,5}\//.test(text.slice(colon + 1, colon + 7))) {
      masked += `${text.slice(from, colon + 1)}***`
      from = end
    }
    at = text.indexOf('://', end)
  }
  return masked + text.slice(from)
}

const secretWords =
  /^(key|keys|secret|secrets|password|passwd|passphrase|pass|pwd|sig|signature|hmac|auth|authorization|credentials?|jwt|bearer|session)$/
const secretEnds =
  /(token|secret|password|passwd|signature|credential|(api|access|auth|private|account|subscription|license)key)$/

/** `X-Amz-Signature`, `apiKey`, `access_token` and `auth[key]` look like secrets; `keyword` and `tokens_used` do not. */
function isSecretName(name: string): boolean {
  const words = decoded(name)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean)
  return words.some((word) => secretWords.test(word)) || secretEnds.test(words.join(''))
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
