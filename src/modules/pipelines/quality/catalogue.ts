import type { Problem } from '#core/errors'
import { withSuggestion } from '#core/nearest'
import type { QualityRuleSpec, Severity } from '#core/pipeline'
import { check } from '#kernel/problems'
import { findColumn } from '#plans/columns'
import type { Condition, Plan } from '#plans/plan'
import { allowedRule } from './allowed.ts'
import { duplicateRule } from './duplicate.ts'
import { formatRule } from './format.ts'
import { notNullRule } from './not-null.ts'
import { rangeRule } from './range.ts'
import type { Rule } from './rule.ts'
import { typeRule } from './type.ts'

export const rules: readonly Rule[] = [notNullRule, typeRule, formatRule, rangeRule, allowedRule, duplicateRule]

export interface ValidatedRule {
  readonly rule: Rule
  readonly settings: unknown
  readonly severity: Severity
  readonly at: string
}

/** What else rules are called. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['null', 'not_null'],
  ['allowed_values', 'allowed'],
  ['unique', 'duplicate'],
])

export function validateRule(
  { type, severity, ...given }: QualityRuleSpec,
  at: string,
): ValidatedRule | { readonly problems: readonly Problem[] } {
  const rule = rules.find((candidate) => candidate.type === (otherNames.get(type) ?? type))
  if (rule === undefined) {
    const known = rules.map((candidate) => candidate.type)
    const sentence = `There is no quality rule "${type}"; there are ${known.join(', ')}.`
    return {
      problems: [{ at: `${at}.type`, code: 'unknown_rule', ...withSuggestion(sentence, type, known) }],
    }
  }
  const { value, problems } = check(rule.settings, given, at)
  return problems.length > 0 ? { problems } : { rule, settings: value, severity, at }
}

/** The condition for rows of the plan that break the rule, or why the rule does not fit them. */
export function buildRule({ rule, settings, at }: ValidatedRule, input: Plan): Condition | Problem {
  const missing = rule.fields(settings).find((wanted) => findColumn(input, wanted) === undefined)
  if (missing !== undefined) {
    const known = input.columns.map(({ name }) => name)
    const sentence = `There is no column "${missing}" after the last step.`
    return { at: `${at}.field`, code: 'unknown_column', ...withSuggestion(sentence, missing, known) }
  }
  const problem = rule.problem?.(settings, input)
  return problem === undefined ? rule.build(settings) : { ...problem, at: `${at}.${problem.at}` }
}
