import { z } from 'zod'

/**
 * Names one object of a workspace: in audit, events, lineage and shares.
 *
 * ```ts
 * ObjectRef.parse({ kind: 'metric', id: 'SAL.REV', name: 'Net revenue' }).id // 'SAL.REV'
 * ```
 */
export const ObjectRef = z.strictObject({
  /** A noun of the product: `dataset`, `pipeline`, `metric`. */
  kind: z.string().min(1).max(40),
  /** Stays the same when the object is renamed. Empty only while the object has no id yet. */
  id: z.string().max(300),
  /** For people, as it was at that time. */
  name: z.string().max(300).optional(),
})
export type ObjectRef = z.output<typeof ObjectRef>

/**
 * For sentences.
 *
 * ```ts
 * describeObject({ kind: 'dataset', id: 'orders' }) // 'dataset "orders"'
 * ```
 */
export function describeObject({ kind, id, name }: ObjectRef): string {
  return `${kind} "${name ?? id}"`
}
