/** Who asks, and in which workspace. Every request, job and command has one from its first step. */
export interface Actor {
  readonly kind: 'token' | 'session' | 'system'
  /** Stable id of the token or person; `system:<module>` for work the server does by itself. */
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly permissions: ReadonlySet<string> | 'all'
  /** Permissions that hold only for what a definition uses, not for operations of their own. */
  readonly definitionPermissions?: ReadonlySet<string>
  /** Who stands behind a session, which ends while its work continues. Absent: the actor itself. */
  readonly principal?: Principal
}

/** Somebody who can own things: a token, the person who runs the server, a module. */
export interface Principal {
  readonly kind: 'token' | 'person' | 'system'
  readonly id: string
  readonly name: string
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

/** Whether somebody may use what needs this permission inside a definition: a source, a step, a tile. */
export function mayInDefinition(actor: Actor, permission: string): boolean {
  return may(actor, permission) || actor.definitionPermissions?.has(permission) === true
}

/** Who owns what this actor makes. */
export function principalOf({ principal, kind, id, name }: Actor): Principal {
  return principal ?? { kind: kind === 'session' ? 'person' : kind, id, name }
}

/** The actor for work a module does by itself in one workspace. */
export function systemActor(module: string, workspace: string): Actor {
  return { kind: 'system', id: `system:${module}`, name: module, workspace, permissions: 'all' }
}
