import type { z } from 'zod'
import type { Problem } from '#core/errors'
import type { CheckedQuery } from '#modules/explore'
import type { Plan } from '#plans/plan'
import type { EngineColumn, Sql } from '#sdk'

/**
 * A transformation is a spec and a builder: from the plan of the rows that come in to the plan of those
 * that go out. There is one of each, for batch and streaming alike.
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
  /** Returns the plan of the rows after the step, or every problem, with places relative to its settings. */
  readonly build: (settings: z.output<S>, input: Plan, tools: StepTools) => Promise<Outcome> | Outcome
}

export type Outcome = Plan | { readonly problems: readonly Problem[] }

export interface StepTools {
  /** Puts the rows into a table of their own, where SQL of a person can name them. */
  readonly stage: (input: Plan) => Promise<StagedTable>
  readonly check: (sql: string, input: StagedTable) => Promise<CheckedQuery>
  readonly describe: (select: Sql) => Promise<readonly EngineColumn[]>
}

export interface StagedTable {
  readonly database: string
  readonly table: string
  readonly rows: Plan
}

export function defineStep<S extends z.ZodType>(step: Step<S>): Step {
  // Settings reach `build` only after the step's own schema has parsed them.
  return step as unknown as Step
}
