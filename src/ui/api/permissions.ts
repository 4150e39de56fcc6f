import { useSyncExternalStore } from 'react'

export type Permissions = 'all' | readonly string[]

let held: Permissions = []
const listeners = new Set<() => void>()

/** Set when the session is read, like the guard of `request`. The server checks every call; this only hides what it would refuse. */
export function holdPermissions(permissions: Permissions): void {
  held = permissions
  for (const listener of listeners) listener()
}

export function isPermitted(permissions: Permissions, permission: string | undefined): boolean {
  return permission === undefined || permissions === 'all' || permissions.includes(permission)
}

export function usePermissions(): Permissions {
  return useSyncExternalStore(subscribe, () => held)
}

export function useMay(permission: string): boolean {
  return isPermitted(usePermissions(), permission)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
