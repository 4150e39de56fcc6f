/** A sample of rows after each step; and whether a pipeline fits what it reads. */
import { randomUUID } from 'node:crypto'
import type { Problem } from '#core/errors'
import type { Reader } from '#modules/datasets'
import { engineColumns } from '#plans/columns'
import { compile } from '#plans/compile'
import type { Plan } from '#plans/plan'
import { raw, sql } from '#sdk'
import { ruleProblems } from '../plan/checks.ts'
import type { ValidatedPipeline } from '../definition/definition.ts'
import { explained } from './explain.ts'
import { planRows } from '../plan/plan.ts'
import { planForLoad } from '../plan/plan-for-load.ts'
import type { PlanTools, Rows } from '../plan/plan.ts'
import { runContext } from './run-context.ts'
import type { Context, RunNeeds } from './run-context.ts'

export interface PreviewStep {
  readonly name: string
  readonly type: string
  readonly columns: { name: string; type: string; nullable: boolean }[]
  readonly rows: Record<string, unknown>[]
  readonly rowCount: number
  readonly problems?: { at: string; code: string; message: string; suggestion?: string }[]
}

/** Rows of the source that a preview looks at. */
export const sampled = 1_000
const bounds = { seconds: 30, memoryBytes: 1_000_000_000 }

export async function previewSteps(
  needs: RunNeeds,
  reader: Reader,
  pipeline: ValidatedPipeline,
  {
    rows,
    loads,
    signal,
  }: { rows: number; /** Whether the destination is looked at too. */ loads: boolean; signal: AbortSignal },
): Promise<PreviewStep[]> {
  return bounded(needs, reader, signal, async (context) => {
    const passed = new Map<number, Plan>()
    let stopped: { step: number; problems: readonly Problem[] } | undefined
    let planned: Rows | undefined
    try {
      const tools: PlanTools = {
        ...context,
        sample: sampled,
        note: (event) => void (event.state === 'passed' && passed.set(event.step, event.plan)),
      }
      planned = loads ? (await planForLoad(pipeline, tools)).rows : await planRows(pipeline, tools)
    } catch (error) {
      const problem = explained(error, () => undefined)
      if (passed.size === 0 || problem.kind === 'bug') throw problem
      stopped = {
        step: passed.size,
        problems:
          problem.problems.length > 0
            ? problem.problems
            : [{ at: `transformations[${passed.size - 1}]`, code: problem.code, message: problem.message }],
      }
    }
    const shown: PreviewStep[] = []
    for (const [index, plan] of passed) shown.push(await sampleStep(context, { pipeline, index, plan, rows }))
    if (stopped !== undefined)
      shown.push({
        ...named(pipeline, stopped.step),
        columns: [],
        rows: [],
        rowCount: 0,
        problems: stopped.problems.map((problem) => ({ ...problem })),
      })
    const problems = planned === undefined || !loads ? [] : await loadProblems(pipeline, planned.plan, context)
    if (problems.length > 0) {
      const { type } = pipeline.spec.destination
      shown.push({
        name: `load ${type}`,
        type,
        columns: [],
        rows: [],
        rowCount: 0,
        problems: problems.map((each) => ({ ...each })),
      })
    }
    return shown
  })
}

async function sampleStep(
  context: Context,
  {
    pipeline,
    index,
    plan,
    rows,
  }: { pipeline: ValidatedPipeline; index: number; plan: Plan; /** At most so many. */ rows: number },
): Promise<PreviewStep> {
  const columns = plan.columns.map(({ name, type, nullable }) => ({ name, type, nullable }))
  if (columns.length === 0) return { ...named(pipeline, index), columns, rows: [], rowCount: 0 }
  try {
    const found = await context.around.engine.rows<Record<string, unknown>>(
      sql`SELECT * FROM (${compile(plan, 'clickhouse')}) LIMIT ${raw(String(rows))}`,
      { times: 'rfc3339', decimalDigits: 'all' },
    )
    const rowCount = found.length < rows ? found.length : await countOf(context, plan)
    return { ...named(pipeline, index), columns, rows: [...found], rowCount }
  } catch (error) {
    const problem = explained(error, () => undefined)
    return {
      ...named(pipeline, index),
      columns,
      rows: [],
      rowCount: 0,
      problems: [
        { at: index === 0 ? 'source' : `transformations[${index - 1}]`, code: problem.code, message: problem.message },
      ],
    }
  }
}

async function countOf(context: Context, plan: Plan): Promise<number> {
  const [counted] = await context.around.engine.rows<{ rows: number | string }>(
    sql`SELECT count() AS rows FROM (${compile(plan, 'clickhouse')})`,
  )
  return Number(counted?.rows ?? 0)
}

function named(pipeline: ValidatedPipeline, index: number): { name: string; type: string } {
  const type = index === 0 ? pipeline.spec.source.type : (pipeline.spec.transformations[index - 1]?.type ?? '')
  return { name: index === 0 ? `read ${type}` : `${index} ${type}`, type }
}

/** Problems that only show when the source is looked at: a missing table, a column that is not there. */
export async function fitProblems(
  needs: RunNeeds,
  reader: Reader,
  pipeline: ValidatedPipeline,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  try {
    return await bounded(needs, reader, signal, async (context) => {
      const { rows } = await planForLoad(pipeline, { ...context, sample: 100, note: () => undefined })
      if (rows.plan.columns.length === 0) return []
      return [...ruleProblems(pipeline.rules, rows.plan), ...(await loadProblems(pipeline, rows.plan, context))]
    })
  } catch (error) {
    if (signal.aborted) throw error
    const problem = explained(error, () => undefined)
    if (problem.problems.length > 0) return problem.problems
    return [
      {
        at: 'source',
        code: problem.code,
        message: problem.message,
        ...(problem.remedy === undefined ? {} : { suggestion: problem.remedy }),
      },
    ]
  }
}

/** What the destination would refuse of these columns. */
async function loadProblems(pipeline: ValidatedPipeline, plan: Plan, { around }: Context): Promise<readonly Problem[]> {
  if (plan.columns.length === 0) return []
  const { connector, settings } = pipeline.destination
  try {
    const code = await connector.destination?.load()
    await code?.fit?.(settings, around, engineColumns(plan))
    return []
  } catch (error) {
    const { code, message, remedy } = explained(error, () => undefined)
    return [{ at: 'destination', code, message, ...(remedy === undefined ? {} : { suggestion: remedy }) }]
  }
}

async function bounded<T>(
  needs: RunNeeds,
  reader: Reader,
  signal: AbortSignal,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const context = await runContext(needs, reader, `preview${randomUUID()}`, {
    ...bounds,
    isNew: true,
    signal: AbortSignal.any([signal, AbortSignal.timeout(bounds.seconds * 1000)]),
  })
  try {
    return await work(context)
  } finally {
    await context.stages.clear().catch(() => undefined)
  }
}
