/** Who asks, and in which workspace. Every request, job and command has one from its first step. */
export interface Actor {
  readonly kind: 'token' | 'session' | 'system'
  /** Stable id of the token or person; `system:<module>` for work the server does by itself. */
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly permissions: ReadonlySet<string> | 'all'
}

/**
 * Whether somebody may do something.
 *
 * ```ts
 * may(systemActor('metrics', 'default'), 'datasets.read') // true
 * ```
 */
export function may(actor: Actor, permission: string): boolean {
  return actor.permissions === 'all' || actor.permissions.has(permission)
}

/** The actor for work a module does by itself in one workspace. */
export function systemActor(module: string, workspace: string): Actor {
  return { kind: 'system', id: `system:${module}`, name: module, workspace, permissions: 'all' }
}
