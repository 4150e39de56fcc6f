/** From a validated pipeline to the plan of the rows it loads: one plan where the source allows, otherwise over stages. */
import { isMillraceError } from '#core/errors'
import type { Problem } from '#core/errors'
import type { Reader } from '#modules/datasets'
import type { Explore } from '#modules/explore'
import { readCastFailure } from '#plans/clickhouse/casts'
import { engineColumns } from '#plans/columns'
import { compile } from '#plans/compile'
import { fit } from '#plans/fit'
import type { Plan } from '#plans/plan'
import { scan, scanOfStored, scanRecords } from '#plans/scan'
import { raw, sql } from '#sdk'
import type {
  EngineColumn,
  EngineReading,
  EngineSettings,
  RejectedRow,
  Slice,
  Sql,
  Surroundings,
  TolerantReading,
} from '#sdk'
import type { ValidatedPipeline } from '../definition/definition.ts'
import { pipelineErrors } from '../errors.ts'
import { recordColumns } from './records.ts'
import type { Stage, Stages } from './stage.ts'
import type { ValidatedStep } from '../steps/catalogue.ts'
import type { StepTools } from '../steps/step.ts'

export interface PlanTools {
  readonly around: Surroundings
  readonly stages: Stages
  readonly explore: Explore
  /** With whose rights datasets are read. */
  readonly reader: Reader
  /** Puts bytes of JSON lines into a table of one column `_record`. */
  readonly insertRecords: (place: Stage['place'], ndjson: string) => Promise<void>
  readonly note: (event: PlanEvent) => void
  readonly slice?: Slice
  /** Hears how the engine reads the source. */
  readonly onReading?: (reading: EngineReading) => void
  /** Rows of the source that cannot be read are left out and given here. */
  readonly setApart?: (rejected: readonly RejectedRow[]) => Promise<void>
  /** Takes only so many rows of the source: previews. */
  readonly sample?: number
}

export type PlanEvent =
  | { readonly step: number; readonly state: 'begins' }
  | { readonly step: number; readonly state: 'passed'; readonly plan: Plan }
  | { readonly step: number; readonly state: 'staged'; readonly rows: number }

export interface Rows {
  readonly plan: Plan
  readonly settings: EngineSettings
  readonly explain: (message: string) => Error | undefined
  /** The rows lie in the warehouse already, so that counting them is cheap. */
  readonly inside: boolean
  /** How many came from the source, where it is known before the load. */
  readonly read?: number
  /** How many of the source were set apart. */
  readonly setApart?: number
  /** A cheap question for the same. */
  readonly count?: Sql
}

/** Rejects with `pipelines.step` and every problem of the first step that does not fit. Step 0 is the source. */
export async function planRows(pipeline: ValidatedPipeline, tools: PlanTools): Promise<Rows> {
  let rows = await sourceRows(pipeline, tools)
  tools.note({ step: 0, state: 'passed', plan: rows.plan })
  for (const [index, step] of pipeline.steps.entries()) {
    tools.note({ step: index + 1, state: 'begins' })
    rows = await withSourceError(rows.explain, applyStep(step, rows, index + 1, tools))
    tools.note({ step: index + 1, state: 'passed', plan: rows.plan })
  }
  return rows
}

/** What the origins of columns call the source of a pipeline. */
export const sourceScan = 'source'

async function sourceRows({ source, spec }: ValidatedPipeline, tools: PlanTools): Promise<Rows> {
  tools.note({ step: 0, state: 'begins' })
  const { source: able } = source.connector
  if (able === undefined) throw new Error(`The connector "${source.connector.type}" reads nothing.`)
  const { read } = await able.load()
  const reading = await read(source.settings, tools.around, tools.slice === undefined ? {} : { slice: tools.slice })
  if (reading.by === 'engine') return engineRows(reading, able.inside !== undefined, tools)

  const columns = recordColumns()
  const stage = await tools.stages.fill(sql`SELECT '' AS _record WHERE false`, [{ name: '_record', type: 'String' }])
  let count = 0
  for await (const batch of reading.batches(tools.around.signal)) {
    const sampled = tools.sample === undefined ? batch : batch.slice(0, tools.sample - count)
    columns.add(sampled)
    await tools.insertRecords(stage.place, sampled.map((record) => JSON.stringify(record)).join('\n'))
    count += sampled.length
    tools.note({ step: 0, state: 'staged', rows: count })
    if (tools.sample !== undefined && count >= tools.sample) break
  }
  const members = columns.members()
  if (members.length === 0) throw pipelineErrors.no_rows({ source: spec.source.type })
  const plan = scanRecords({ name: sourceScan, from: stage.place }, '_record', members)
  return { plan, settings: {}, explain: () => undefined, inside: true, read: count }
}

async function engineRows(reading: EngineReading, inside: boolean, tools: PlanTools): Promise<Rows> {
  const plan = scan({ name: sourceScan, from: reading.from, where: reading.where }, reading.columns)
  const rows: Rows = {
    plan,
    ...countOf(reading, inside, plan),
    settings: reading.settings ?? {},
    explain: reading.explain ?? (() => undefined),
    inside,
  }
  tools.onReading?.(reading)
  const staged = ({ place }: Stage) => scanOfStored(plan, { name: 'stage', from: place })
  const { tolerant } = reading
  if (tools.sample !== undefined) {
    const limited = sql`${compile(plan, 'clickhouse')} LIMIT ${raw(String(tools.sample))}`
    const sample = stageSample(
      { select: limited, columns: engineColumns(plan), settings: rows.settings },
      tolerant,
      tools,
    )
    return { ...rows, plan: staged(await withSourceError(rows.explain, sample)), inside: true }
  }
  if (tolerant === undefined || tools.setApart === undefined) return rows
  const settings = { ...rows.settings, ...tolerant.settings }
  const stage = await withSourceError(
    rows.explain,
    tools.stages.fill(compile(plan, 'clickhouse'), engineColumns(plan), settings),
  )
  const rejected = await tolerant.rejected()
  await tools.setApart(rejected)
  const { explain } = rows
  const read = stage.rows + rejected.length
  return { plan: staged(stage), settings: {}, explain, inside: true, read, setApart: rejected.length }
}

/** A sample leaves rows out that cannot be read, as a run would set them apart. */
async function stageSample(
  { select, columns, settings }: { select: Sql; columns: readonly EngineColumn[]; settings: EngineSettings },
  tolerant: TolerantReading | undefined,
  { stages }: PlanTools,
): Promise<Stage> {
  try {
    return await stages.fill(select, columns, settings)
  } catch (error) {
    if (!(error instanceof Error) || tolerant?.applies(error) !== true) throw error
    const stage = await stages.fill(select, columns, { ...settings, ...tolerant.settings })
    await tolerant.rejected()
    return stage
  }
}

function countOf(reading: EngineReading, inside: boolean, plan: Plan): { count?: Sql } {
  if (reading.count !== undefined) return { count: reading.count }
  return inside ? { count: sql`SELECT count() AS rows FROM (${compile(plan, 'clickhouse')})` } : {}
}

async function applyStep(step: ValidatedStep, rows: Rows, index: number, tools: PlanTools): Promise<Rows> {
  const staged: Stage[] = []
  let settings = rows.settings
  const stepTools: StepTools = {
    stage: async (input) => {
      const columns = engineColumns(input)
      const stage = await tools.stages.fill(compile(fit(input, columns), 'clickhouse'), columns, rows.settings)
      staged.push(stage)
      const { database, table, place } = stage
      return { database, table, rows: scanOfStored(input, { name: 'stage', from: place }) }
    },
    check: async (written, input) => {
      const checked = await tools.explore.check(tools.reader, written, {
        tables: {
          input: {
            database: input.database,
            table: input.table,
            columns: input.rows.columns.map((column) => column.name),
          },
        },
      })
      settings = checked.settings
      return checked
    },
    describe: (query) => tools.around.engine.describe(query, settings),
  }
  const outcome = await step.step.build(step.settings, rows.plan, stepTools)
  if ('problems' in outcome) {
    const problems = outcome.problems.map((problem) => under(step.at, problem))
    throw pipelineErrors.step({ step: `${step.step.type} (${step.at.replace('.config', '')})` }, { problems })
  }
  const last = staged.at(-1)
  if (last === undefined) return { ...rows, plan: outcome }
  tools.note({ step: index, state: 'staged', rows: last.rows })
  return { ...rows, plan: outcome, settings, inside: true }
}

/** Statements of a plan read the source, so an engine error is first explained by the source. */
async function withSourceError<T>(explain: Rows['explain'], work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isMillraceError(error)) throw error
    throw (
      (readCastFailure(String(error)) === undefined
        ? explain(error instanceof Error ? error.message : String(error))
        : undefined) ?? error
    )
  }
}

function under(at: string, problem: Problem): Problem {
  return { ...problem, at: problem.at === '' ? at : `${at}${/^\d+$/.test(problem.at) ? ':' : '.'}${problem.at}` }
}
