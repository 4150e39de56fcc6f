import type { Problem } from '#core/errors'
import { withSuggestion } from '#core/nearest'
import type { DefinitionUse } from '#kernel/module'
import { check } from '#kernel/problems'
import { aggregateStep } from './aggregate.ts'
import { filterStep } from './filter.ts'
import { mapStep } from './map.ts'
import { sqlStep } from './sql.ts'
import type { Step } from './step.ts'

export const steps: readonly Step[] = [filterStep, mapStep, aggregateStep, sqlStep]

export const stepUses: readonly DefinitionUse[] = steps.flatMap(({ type, permission }) =>
  permission === undefined ? [] : [{ what: `the step "${type}"`, permission }],
)

export interface ValidatedStep {
  readonly step: Step
  readonly settings: unknown
  /** Its path in the definition. */
  readonly at: string
}

export function validateStep(
  part: { readonly type: string; readonly config: unknown },
  at: string,
): ValidatedStep | { readonly problems: readonly Problem[] } {
  const step = steps.find((candidate) => candidate.type === part.type)
  if (step === undefined) {
    const known = steps.map((candidate) => candidate.type)
    const sentence = `There is no transformation "${part.type}"; there are ${known.map((type) => `"${type}"`).join(', ')}.`
    return {
      problems: [{ at: `${at}.type`, code: 'unknown_transformation', ...withSuggestion(sentence, part.type, known) }],
    }
  }
  const { value, problems } = check(step.settings, part.config, `${at}.config`)
  return problems.length > 0 ? { problems } : { step, settings: value, at: `${at}.config` }
}
