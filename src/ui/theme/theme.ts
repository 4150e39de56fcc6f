import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const key = 'millrace.theme'
const listeners = new Set<() => void>()
const dark = () => matchMedia('(prefers-color-scheme: dark)')

function chosen(): Theme {
  const value = document.documentElement.dataset['theme']
  return value === 'light' || value === 'dark' ? value : 'system'
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  try {
    localStorage.setItem(key, theme)
  } catch {
    // Storage may be closed to us; the choice then holds for this page.
  }
  for (const listener of listeners) listener()
}

/** The other of the two, seen from what is shown now. */
export function flipTheme(): void {
  chooseTheme(shownTheme() === 'dark' ? 'light' : 'dark')
}

export function shownTheme(): 'light' | 'dark' {
  const theme = chosen()
  return theme === 'system' ? (dark().matches ? 'dark' : 'light') : theme
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  const media = dark()
  media.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    media.removeEventListener('change', listener)
  }
}

export function useTheme(): { chosen: Theme; shown: 'light' | 'dark' } {
  return { chosen: useSyncExternalStore(subscribe, chosen), shown: useSyncExternalStore(subscribe, shownTheme) }
}
