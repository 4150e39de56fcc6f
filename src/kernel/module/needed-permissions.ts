/**
 * What a definition uses needs its own permission, whoever asks: each part says which one, as data.
 *
 * ```ts
 * import { systemActor } from '#core/actor'
 *
 * const needed = [{ permission: 'datasets.read', at: 'source', what: 'the source "dataset"' }]
 * missingPermissions({ ...systemActor('x', 'default'), permissions: new Set() }, needed) // [{ at: 'source', … }]
 * ```
 */
import { mayInDefinition, type Actor } from '#core/actor'
import type { Problem } from '#core/errors'
import { kernelErrors } from '../problems/errors.ts'

export interface NeededPermission {
  readonly permission: string
  /** Its place in the definition: `source`, `transformations[2]`. */
  readonly at: string
  /** What needs it, for people: `the source "dataset"`. */
  readonly what: string
}

export function missingPermissions(actor: Actor, needed: readonly NeededPermission[]): readonly NeededPermission[] {
  return needed.filter(({ permission }) => !mayInDefinition(actor, permission))
}

/** Rejects with `kernel.forbidden`; its problems name every place. `declared` says what each permission allows. */
export function requirePermissions(
  actor: Actor,
  needed: readonly NeededPermission[],
  declared: ReadonlyMap<string, string>,
): void {
  const missing = missingPermissions(actor, needed)
  const [first] = missing
  if (first === undefined) return
  const { permission } = first
  throw kernelErrors.forbidden(
    { actor: actor.name, permission, allows: declared.get(permission) ?? permission },
    { problems: permissionProblems(missing) },
  )
}

export function permissionProblems(missing: readonly NeededPermission[]): readonly Problem[] {
  return missing.map(({ permission, at, what }) => ({
    at,
    code: 'permission_needed',
    message: `${what.charAt(0).toUpperCase()}${what.slice(1)} needs the permission "${permission}".`,
  }))
}
