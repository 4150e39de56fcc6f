/**
 * Who may see which rows and values of a dataset. Given in code for now: a `PolicySource` says what holds.
 * SPEC.md has the rules.
 */
import { z } from 'zod'
import type { Actor } from '#core/actor'
import { Filter } from '#core/filter'

/** From the strictest to the mildest: of several masks that hold for somebody, the strictest does. */
export const maskKinds = ['null', 'redact', 'hash', 'generalise', 'partial'] as const
export type MaskKind = (typeof maskKinds)[number]

const Subject = z
  .string()
  .regex(/^(everyone|(role|person|key):.{1,200})$/, 'is "everyone", "role:x", "person:id" or "key:id"')

/**
 * ```ts
 * DatasetPolicy.parse({
 *   rows: [{ for: ['role:region'], filter: "region = attribute('region')" }],
 *   masks: [{ column: 'email', how: 'hash', except: ['role:support'] }],
 * }).masks[0]!.how // 'hash'
 * ```
 */
export const DatasetPolicy = z.strictObject({
  /** Not empty: whoever matches none sees no row. */
  rows: z.array(z.strictObject({ for: z.array(Subject).min(1), filter: Filter })).default([]),
  masks: z
    .array(z.strictObject({ column: z.string().min(1), how: z.enum(maskKinds), except: z.array(Subject).default([]) }))
    .default([]),
})
export type DatasetPolicy = z.output<typeof DatasetPolicy>

/** What `attribute('x')` of a row filter stands for. A list is allowed in `in (…)` only. */
export type AttributeValue = string | number | boolean | readonly (string | number | boolean)[]

export interface PolicySubject {
  readonly roles: readonly string[]
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

export interface PolicySource {
  /** The policies of a workspace by dataset; a dataset without one is open to all who may read datasets. */
  policies(workspace: string): Promise<ReadonlyMap<string, DatasetPolicy>>
  subject(actor: Actor): Promise<PolicySubject>
}

/** Where policies come from. Without a source every dataset is open. */
export interface Policies {
  /** Replaces the source that was used before. */
  use(source: PolicySource): void
}
