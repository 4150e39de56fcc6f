/** Quality over staged rows: counts per rule, and the rows that break one of severity "error" set apart. */
import type { Problem } from '#core/errors'
import { columnOf, engineColumns } from '#plans/columns'
import { compile } from '#plans/compile'
import { fit } from '#plans/fit'
import { mark } from '#plans/mark'
import type { Plan } from '#plans/plan'
import { scanOfStored } from '#plans/scan'
import { raw, sql } from '#sdk'
import type { EngineSettings, Sql, Surroundings } from '#sdk'
import { pipelineErrors } from '../errors.ts'
import { buildRule } from '../quality/catalogue.ts'
import type { ValidatedRule } from '../quality/catalogue.ts'
import type { Stages } from './stage.ts'

export interface Checked {
  /** The rows that may be loaded. */
  readonly rows: Plan
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

export function ruleProblems(rules: readonly ValidatedRule[], input: Plan): readonly Problem[] {
  return rules.flatMap((rule) => {
    const made = buildRule(rule, input)
    return 'kind' in made ? [] : [made]
  })
}

/** Rejects with `pipelines.quality` when a rule of severity "fail" is broken. */
export async function checkRows(
  rules: readonly ValidatedRule[],
  input: Plan,
  settings: EngineSettings,
  tools: { readonly stages: Stages; readonly around: Surroundings },
): Promise<Checked> {
  const conditions = rules.map((rule) => {
    const made = buildRule(rule, input)
    if (!('kind' in made)) throw pipelineErrors.step({ step: 'quality' }, { problems: [made] })
    return made
  })
  const columns = [...engineColumns(input), { name: '_breaks', type: 'Array(UInt16)' }]
  const marked = mark(fit(input, engineColumns(input)), conditions, '_breaks')
  const stage = await tools.stages.fill(compile(marked, 'clickhouse'), columns, settings)
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
    rows: scanOfStored(input, {
      name: 'checked',
      from: stage.place,
      where: errors.length === 0 ? undefined : sql`NOT ${broken}`,
      whereOrigins: columnOf(marked, '_breaks').origins,
    }),
    good: stage.rows - count,
    results,
    quarantined: { count, select: sql`SELECT * FROM ${stage.place} WHERE ${broken}` },
  }
}
