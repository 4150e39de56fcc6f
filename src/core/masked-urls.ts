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
  const found = text.includes('=') ? text.replaceAll(parameter, masked) : text
  return found.includes('://') ? found.replaceAll(password, '$1***@') : found
}

const parameter = /([?&;])([\w.~%+[\]$-]{1,200})=([^\s&;#"'`<>\\]+)/g
const password = /([a-z][a-z\d+.-]*:\/\/[^\s/?#:@"'\\]*:)[^\s/?#@"'\\]+@/gi

function masked(whole: string, before: string, name: string): string {
  return isSecretName(name) ? `${before}${name}=***` : whole
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
