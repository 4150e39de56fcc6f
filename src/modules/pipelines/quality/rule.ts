import { z } from 'zod'
import type { Problem } from '#core/errors'
import type { Condition, Plan } from '#plans/plan'

/** A quality rule is a spec and a builder of the condition that holds for the rows that break it. */
export interface Rule<S extends z.ZodType = z.ZodType> {
  readonly type: string
  readonly title: string
  readonly about: string
  readonly settings: S
  /** With a field and values of any table. */
  readonly example: Readonly<Record<string, unknown>>
  readonly fields: (settings: z.output<S>) => readonly string[]
  /** Why it does not fit these rows, which have its fields; the place is relative to its settings. */
  readonly problem?: (settings: z.output<S>, input: Plan) => Problem | undefined
  /** An empty value breaks only `not_null`. */
  readonly build: (settings: z.output<S>) => Condition
  /** The rule as a statement about good rows. */
  readonly says: (settings: z.output<S>) => string
}

export const field = z.string().min(1).meta({ title: 'Field', description: 'The column.' })

export function defineRule<S extends z.ZodType>(rule: Rule<S>): Rule {
  // Settings reach the functions only after the rule's own schema has parsed them.
  return rule as unknown as Rule
}
