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
import { join, linesOf, name, parseJson, raw, show, sql, text } from '#sdk'
import type {
  BatchReading,
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
import type { Resume, StagedRecords } from './staged-records.ts'
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
  /** Reads on from the state of an earlier reading. */
  readonly resume?: Resume
  /** Reads by this one, without asking the source for one again. */
  readonly reading?: EngineReading
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
  readonly explain: (error: unknown) => Error | undefined
  /** The rows lie in the warehouse already, so that counting them is cheap. */
  readonly inside: boolean
  /** How many came from the source, where it is known before the load. */
  readonly read?: number
  /** How many of the source were set apart. */
  readonly setApart?: number
  /** A cheap question for the same. */
  readonly count?: Sql
  /** Where the records of a source lie that gives states. */
  readonly records?: StagedRecords
}

/**
 * No steps are applied to rows without columns: their source has no rows and shows no columns.
 * Rejects with `pipelines.step` and every problem of the first step that does not fit. Step 0 is the source.
 */
export async function planRows(pipeline: ValidatedPipeline, tools: PlanTools): Promise<Rows> {
  let rows = await sourceRows(pipeline, tools)
  tools.note({ step: 0, state: 'passed', plan: rows.plan })
  if (rows.plan.columns.length === 0) return rows
  for (const [index, step] of pipeline.steps.entries()) {
    tools.note({ step: index + 1, state: 'begins' })
    rows = await withSourceError(rows.explain, applyStep(step, rows, index + 1, tools))
    tools.note({ step: index + 1, state: 'passed', plan: rows.plan })
  }
  return rows
}

/** What the origins of columns call the source of a pipeline. */
export const sourceScan = 'source'

async function sourceRows({ source }: ValidatedPipeline, tools: PlanTools): Promise<Rows> {
  tools.note({ step: 0, state: 'begins' })
  const { source: able } = source.connector
  if (able === undefined) throw new Error(`The connector "${source.connector.type}" reads nothing.`)
  const { read } = await able.load()
  if (tools.resume?.staged !== undefined) return stagedRows(tools.resume.staged)
  const { slice, resume, sample } = tools
  const reading =
    tools.reading ??
    (await read(source.settings, tools.around, {
      ...(slice === undefined ? {} : { slice }),
      ...(resume?.state === undefined ? {} : { state: resume.state }),
      ...(sample === undefined ? {} : { isSample: true }),
    }))
  if (reading.by === 'engine') return engineRows(reading, able.inside !== undefined, tools)

  return batchRows(reading, source.connector.type, tools)
}

async function batchRows({ batches }: BatchReading, type: string, tools: PlanTools): Promise<Rows> {
  const columns = recordColumns()
  const { resume, stages } = tools
  const stage = await (resume?.stages ?? stages).fill(sql`SELECT '' AS _record WHERE false`, [
    { name: '_record', type: 'String' },
  ])
  const maxRows = tools.sample ?? Infinity
  let rows = 0
  let covered = 0
  let state: unknown = resume?.state ?? null
  for await (const batch of batches(tools.around.signal)) {
    for (const lines of linesOf(batch)) {
      const kept = lines.slice(0, maxRows - rows)
      columns.add(kept.map((line) => parseJson(line)))
      await tools.insertRecords(stage.place, kept.join('\n'))
      rows += kept.length
      tools.note({ step: 0, state: 'staged', rows })
    }
    if (batch.state !== undefined) [state, covered] = [batch.state, rows]
    if (rows >= maxRows) break
  }
  if (resume !== undefined && covered < rows) throw pipelineErrors.state({ source: type })
  return stagedRows({ place: show(stage.place), rows, members: columns.members(), state })
}

function stagedRows(records: StagedRecords): Rows {
  const plan = scanRecords({ name: sourceScan, from: raw(records.place) }, '_record', records.members)
  // Where a source gives a row twice, the last one is the newest.
  const settings: EngineSettings = { order: 'kept' }
  return { plan, settings, explain: () => undefined, inside: true, read: records.rows, records }
}

async function engineRows(reading: EngineReading, inside: boolean, tools: PlanTools): Promise<Rows> {
  const plan = scan({ name: sourceScan, from: reading.from, where: reading.where }, reading.columns)
  if (plan.columns.length === 0) return { plan, settings: {}, explain: () => undefined, inside: true, read: 0 }
  const rows: Rows = {
    plan,
    ...countOf(reading, inside, plan),
    settings: reading.settings ?? {},
    explain: (error) => reading.explain?.(tools.around.engine.failureOf(error)),
    inside,
  }
  tools.onReading?.(reading)
  const staged = ({ place }: Stage) => scanOfStored(plan, { name: 'stage', from: place })
  const { tolerant } = reading
  const tolerantPlan =
    tolerant?.from === undefined
      ? plan
      : scan({ name: sourceScan, from: tolerant.from, where: reading.where }, reading.columns)
  if (tools.sample !== undefined) {
    const sample = stageSample({ plan, tolerantPlan, settings: rows.settings, maxRows: tools.sample }, tolerant, tools)
    return { ...rows, plan: staged(await withSourceError(rows.explain, sample)), inside: true }
  }
  if (tolerant === undefined || tools.setApart === undefined) return rows
  const settings = { ...rows.settings, ...tolerant.settings }
  const stage = await withSourceError(
    rows.explain,
    tools.stages.fill(compile(tolerantPlan, 'clickhouse'), engineColumns(plan), settings),
  )
  const rejected = await tolerant.rejected()
  await tools.setApart(rejected)
  const { explain } = rows
  const read = stage.rows + rejected.length
  return { plan: staged(stage), settings: {}, explain, inside: true, read, setApart: rejected.length }
}

/** A sample leaves rows out that cannot be read, as a run would set them apart. */
async function stageSample(
  sample: { plan: Plan; tolerantPlan: Plan; settings: EngineSettings; maxRows: number },
  tolerant: TolerantReading | undefined,
  { stages }: PlanTools,
): Promise<Stage> {
  const { settings, maxRows } = sample
  const fill = (plan: Plan, more: EngineSettings = {}): Promise<Stage> =>
    stages.fill(sql`${compile(plan, 'clickhouse')} LIMIT ${raw(String(maxRows))}`, engineColumns(plan), {
      ...settings,
      ...more,
    })
  try {
    return await fill(sample.plan)
  } catch (error) {
    if (!(error instanceof Error) || tolerant?.applies(error) !== true) throw error
    return await fill(sample.tolerantPlan, tolerant.settings)
  }
}

function countOf(reading: EngineReading, inside: boolean, plan: Plan): { count?: Sql } {
  if (reading.count !== undefined) return { count: reading.count }
  return inside ? { count: sql`SELECT count() AS rows FROM (${compile(plan, 'clickhouse')})` } : {}
}

/** No rows, with these columns. */
export function emptyRows(columns: readonly EngineColumn[]): Rows {
  const values = columns.map(({ name: column, type }) => sql`defaultValueOfTypeName(${text(type)}) AS ${name(column)}`)
  const plan = scan({ name: 'nothing', from: sql`(SELECT ${join(values, ', ')} WHERE false)` }, columns)
  return { plan, settings: {}, explain: () => undefined, inside: true, read: 0 }
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
    throw (readCastFailure(String(error)) === undefined ? explain(error) : undefined) ?? error
  }
}

function under(at: string, problem: Problem): Problem {
  return { ...problem, at: problem.at === '' ? at : `${at}${/^\d+$/.test(problem.at) ? ':' : '.'}${problem.at}` }
}
