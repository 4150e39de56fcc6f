const found = new Map<string, string>()

/** What a token is in the theme now shown, for canvases, which know no CSS variables. */
export function tokenColour(token: string, theme: string): string {
  const key = `${theme} ${token}`
  const known = found.get(key)
  if (known !== undefined) return known
  const probe = document.createElement('i')
  probe.style.color = `var(--${token})`
  probe.hidden = true
  document.body.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  found.set(key, colour)
  return colour
}

/** The same with some of it see-through, 0 to 1. */
export function tokenColourAt(token: string, theme: string, alpha: number): string {
  return tokenColour(token, theme).replace(/\)$/, ` / ${alpha})`)
}
