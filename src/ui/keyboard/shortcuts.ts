import { useEffect, useRef, useSyncExternalStore } from 'react'

export interface Shortcut {
  /** One key (`?`, `t`), two after another (`g h`), or with the platform's modifier (`mod+k`). */
  readonly keys: string
  readonly does: string
  readonly group: string
}

interface Bound extends Shortcut {
  readonly run: () => void
}

let bound: readonly Bound[] = []
const listeners = new Set<() => void>()
let before: { key: string; at: number } | undefined

/** Binds keys for as long as the component is there, and lists them in the help. */
export function useShortcut(keys: string, does: string, run: () => void, group = 'This page'): void {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => bindShortcut({ keys, does, group, run: () => latest.current() }), [keys, does, group])
}

export function bindShortcut(shortcut: Bound): () => void {
  bound = [...bound, shortcut]
  tell()
  return () => {
    bound = bound.filter((other) => other !== shortcut)
    tell()
  }
}

export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => bound,
  )
}

function tell(): void {
  for (const listener of listeners) listener()
}

/** One listener for the whole page. Keys typed into a field are left to it, except those with a modifier. */
export function listenForShortcuts(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return
    const modified = event.metaKey || event.ctrlKey
    if (!modified && isTyping(event.target)) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const pressed = modified ? `mod+${key}` : key
    const sequence = before !== undefined && event.timeStamp - before.at < 1200 ? `${before.key} ${pressed}` : undefined
    const match = bound.findLast(({ keys }) => keys === sequence) ?? bound.findLast(({ keys }) => keys === pressed)
    before = { key: pressed, at: event.timeStamp }
    if (match === undefined) return
    event.preventDefault()
    before = undefined
    match.run()
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('[role="dialog"], [role="menu"]') !== null) return true
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}
