/** Quality over staged rows: counts per rule, and the rows that break one of severity "error" set apart. */
import type { Problem } from '#core/errors'
import { join, raw, sql } from '#sdk'
import type { EngineSettings, Sql, Surroundings } from '#sdk'
import { pipelineErrors } from '../errors.ts'
import { compileRule } from '../quality/rules.ts'
import type { ValidatedRule } from '../quality/rules.ts'
import { engineColumns, relationOf, select } from './relation.ts'
import type { Relation } from './relation.ts'
import type { Stages } from './stage.ts'
import { fitted } from './cast.ts'

export interface Checked {
  /** The rows that may be loaded. */
  readonly relation: Relation
  readonly good: number
  readonly results: readonly RuleResult[]
  /** Rows of severity "error", each with the numbers of the rules it breaks (from 1). */
  readonly quarantined: { readonly count: number; readonly select: Sql }
}

export interface RuleResult {
  readonly rule: ValidatedRule
  readonly says: string
  readonly rows: number
}

export function ruleProblems(rules: readonly ValidatedRule[], relation: Relation): readonly Problem[] {
  return rules.flatMap((rule) => {
    const made = compileRule(rule, relation)
    return 'parts' in made ? [] : [made]
  })
}

/** Rejects with `pipelines.quality` when a rule of severity "fail" is broken. */
export async function checkRows(
  rules: readonly ValidatedRule[],
  input: Relation,
  settings: EngineSettings,
  tools: { readonly stages: Stages; readonly around: Surroundings },
): Promise<Checked> {
  const conditions = rules.map((rule) => {
    const made = compileRule(rule, input)
    if (!('parts' in made)) throw pipelineErrors.step({ step: 'quality' }, { problems: [made] })
    return made
  })
  const columns = [...engineColumns(input), { name: '_breaks', type: 'Array(UInt16)' }]
  const base = fitted(input, engineColumns(input))
  const numbered = sql`arrayFilter(number -> number > 0, [${join(
    conditions.map((condition, index) => sql`if(ifNull(${condition}, false), ${raw(String(index + 1))}, 0)`),
    ', ',
  )}])`
  const all = sql`SELECT *, ${numbered} AS _breaks FROM (${select(base)}) AS r`
  const stage = await tools.stages.fill(all, columns, settings)
  const counted = await tools.around.engine.rows<{ rule: string | number; rows: string | number }>(
    sql`SELECT rule, count() AS rows FROM ${stage.place} ARRAY JOIN _breaks AS rule GROUP BY rule`,
  )
  const results = rules.map((rule, index): RuleResult => ({
    rule,
    says: rule.rule.says(rule.settings),
    rows: Number(counted.find((entry) => Number(entry.rule) === index + 1)?.rows ?? 0),
  }))
  const stopping = results.find((result) => result.rule.severity === 'fail' && result.rows > 0)
  if (stopping !== undefined) throw pipelineErrors.quality({ rule: stopping.says, rows: stopping.rows })

  const errors = rules.flatMap((rule, index) => (rule.severity === 'error' ? [index + 1] : []))
  const broken = sql`hasAny(_breaks, [${raw(errors.join(', '))}]::Array(UInt16))`
  const [bad] =
    errors.length === 0
      ? []
      : await tools.around.engine.rows<{ rows: string | number }>(
          sql`SELECT count() AS rows FROM ${stage.place} WHERE ${broken}`,
        )
  const count = Number(bad?.rows ?? 0)
  return {
    relation: relationOf(stage.place, engineColumns(input), errors.length === 0 ? undefined : sql`NOT ${broken}`),
    good: stage.rows - count,
    results,
    quarantined: { count, select: sql`SELECT * FROM ${stage.place} WHERE ${broken}` },
  }
}
