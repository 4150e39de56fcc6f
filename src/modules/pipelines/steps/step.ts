import type { z } from 'zod'
import type { Problem } from '#core/errors'
import type { CheckedQuery } from '#modules/explore'
import type { EngineColumn, Sql } from '#sdk'
import type { Relation } from '../plan/relation.ts'

/**
 * A transformation is a spec and a compiler: what rows come in, what SELECT goes out. There is
 * one implementation of each, for batch and streaming alike, and it is the engine's.
 */
export interface Step<S extends z.ZodType = z.ZodType> {
  readonly type: string
  readonly title: string
  readonly about: string
  readonly settings: S
  /** The permission its use needs, where it reaches further than the rows it gets. */
  readonly permission?: string
  /** As many rows go out as come in. */
  readonly keepsRows?: boolean
  /** Its rows are made of many, so that of a slice they say something else than of all. */
  readonly gathers?: boolean
  readonly example: Readonly<Record<string, unknown>>
  /** Returns the rows after the step, or every problem, with places relative to its settings. */
  readonly apply: (settings: z.output<S>, input: Relation, tools: StepTools) => Promise<Outcome> | Outcome
}

export type Outcome = Relation | { readonly problems: readonly Problem[] }

export interface StepTools {
  /** Puts the rows into a table of their own, where SQL of a person can name them. */
  readonly stage: (relation: Relation) => Promise<StagedTable>
  readonly check: (sql: string, input: StagedTable) => Promise<CheckedQuery>
  readonly describe: (select: Sql) => Promise<readonly EngineColumn[]>
}

export interface StagedTable {
  readonly database: string
  readonly table: string
  readonly relation: Relation
}

export function defineStep<S extends z.ZodType>(step: Step<S>): Step {
  // Settings reach `apply` only after the step's own schema has parsed them.
  return step as unknown as Step
}
