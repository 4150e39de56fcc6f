/** Where a connection leads, in one line: its URL, or host and database. */
export function addressText(settings: Readonly<Record<string, unknown>>): string {
  const { url, host, port, database } = settings
  if (typeof url === 'string') return url
  if (typeof host !== 'string') return ''
  const server = port === undefined ? host : `${host}:${String(port)}`
  return typeof database === 'string' ? `${server}/${database}` : server
}
