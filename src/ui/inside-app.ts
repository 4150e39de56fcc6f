/** Path and search within the app; anything else leads Home, so that a link cannot send people elsewhere. */
export function insideApp(href: string): { readonly path: string; readonly search: Readonly<Record<string, string>> } {
  const [path = '', search = ''] = href.replace(/^\/app(?=\/|$)/, '').split('?', 2)
  const safe = path.startsWith('/') && !/^\/[/\\]/.test(path)
  return { path: safe ? path : '/', search: Object.fromEntries(new URLSearchParams(search)) }
}
