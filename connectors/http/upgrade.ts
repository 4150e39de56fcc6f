/** Earlier versions sent the user name and the password of the URL; now they have settings of their own. */
export function upgraded(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { url, token, headers } = settings
  const parsed = typeof url === 'string' ? URL.parse(url) : null
  if (parsed === null || (parsed.username === '' && parsed.password === '')) return settings
  const { username, password } = parsed
  parsed.username = ''
  parsed.password = ''
  const rest = { ...settings, url: parsed.href }
  // These were sent in place of what the URL says.
  const sent = typeof headers === 'object' && headers !== null ? headers : {}
  if (Boolean(token) || Object.keys(sent).some((name) => name.toLowerCase() === 'authorization')) return rest
  // The setting `user` is never empty, but some servers want a key as the password of an empty user.
  if (username === '') {
    const pair = Buffer.from(`:${decoded(password)}`).toString('base64')
    return { ...rest, headers: { ...sent, Authorization: `Basic ${pair}` } }
  }
  return { ...rest, user: decoded(username), ...(password === '' ? {} : { password: decoded(password) }) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
