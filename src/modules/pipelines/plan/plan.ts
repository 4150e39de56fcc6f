/** From a validated pipeline to the rows it loads: as one SELECT where the source allows, otherwise over stages. */
import { isMillraceError } from '#core/errors'
import type { Problem } from '#core/errors'
import type { Reader } from '#modules/datasets'
import type { Explore } from '#modules/explore'
import { raw, sql } from '#sdk'
import type { EngineReading, EngineSettings, RejectedRow, Slice, Sql, Surroundings, TolerantReading } from '#sdk'
import type { ValidatedPipeline } from '../definition/definition.ts'
import { pipelineErrors } from '../errors.ts'
import { recordColumns } from './records.ts'
import { engineColumns, nested, plain, relationOf, select } from './relation.ts'
import type { Relation } from './relation.ts'
import { fitted, readComplaint } from './cast.ts'
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
  | { readonly step: number; readonly state: 'passed'; readonly relation: Relation }
  | { readonly step: number; readonly state: 'staged'; readonly rows: number }

export interface Rows {
  readonly relation: Relation
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
  tools.note({ step: 0, state: 'passed', relation: rows.relation })
  for (const [index, step] of pipeline.steps.entries()) {
    tools.note({ step: index + 1, state: 'begins' })
    rows = await withSourceError(rows.explain, applyStep(step, rows, index + 1, tools))
    tools.note({ step: index + 1, state: 'passed', relation: rows.relation })
  }
  return rows
}

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
  if (columns.columns().length === 0) throw pipelineErrors.no_rows({ source: spec.source.type })
  const relation = nested({ from: stage.place, where: [], columns: columns.columns() })
  return { relation, settings: {}, explain: () => undefined, inside: true, read: count }
}

async function engineRows(reading: EngineReading, inside: boolean, tools: PlanTools): Promise<Rows> {
  const relation = relationOf(reading.from, reading.columns, reading.where)
  const rows: Rows = {
    relation,
    ...countOf(reading, inside, relation),
    settings: reading.settings ?? {},
    explain: reading.explain ?? (() => undefined),
    inside,
  }
  tools.onReading?.(reading)
  const staged = ({ place }: Stage) => ({ from: place, where: [], columns: relation.columns.map(plain) })
  const { tolerant } = reading
  if (tools.sample !== undefined) {
    const limited = sql`${select(relation)} LIMIT ${raw(String(tools.sample))}`
    const stage = await withSourceError(rows.explain, filled(limited, relation, rows.settings, tolerant, tools))
    return { ...rows, relation: staged(stage), inside: true }
  }
  if (tolerant === undefined || tools.setApart === undefined) return rows
  const settings = { ...rows.settings, ...tolerant.settings }
  const stage = await withSourceError(
    rows.explain,
    tools.stages.fill(select(relation), engineColumns(relation), settings),
  )
  const rejected = await tolerant.rejected()
  await tools.setApart(rejected)
  const { explain } = rows
  const read = stage.rows + rejected.length
  return { relation: staged(stage), settings: {}, explain, inside: true, read, setApart: rejected.length }
}

/** A sample leaves rows out that cannot be read, as a run would set them apart. */
async function filled(
  limited: Sql,
  relation: Relation,
  settings: EngineSettings,
  tolerant: TolerantReading | undefined,
  { stages }: PlanTools,
): Promise<Stage> {
  const columns = engineColumns(relation)
  try {
    return await stages.fill(limited, columns, settings)
  } catch (error) {
    if (!(error instanceof Error) || tolerant?.applies(error) !== true) throw error
    const stage = await stages.fill(limited, columns, { ...settings, ...tolerant.settings })
    await tolerant.rejected()
    return stage
  }
}

function countOf(reading: EngineReading, inside: boolean, relation: Relation): { count?: Sql } {
  if (reading.count !== undefined) return { count: reading.count }
  return inside ? { count: sql`SELECT count() AS rows FROM (${select(relation)})` } : {}
}

async function applyStep(step: ValidatedStep, rows: Rows, index: number, tools: PlanTools): Promise<Rows> {
  const staged: { stage: Stage; relation: Relation }[] = []
  let settings = rows.settings
  const stepTools: StepTools = {
    stage: async (input) => {
      const { stage, relation } = await intoStage(input, rows.settings, tools)
      staged.push({ stage, relation })
      return { database: stage.database, table: stage.table, relation }
    },
    check: async (written, input) => {
      const checked = await tools.explore.check(tools.reader, written, {
        tables: {
          input: {
            database: input.database,
            table: input.table,
            columns: input.relation.columns.map((column) => column.name),
          },
        },
      })
      settings = checked.settings
      return checked
    },
    describe: (query) => tools.around.engine.describe(query, settings),
  }
  const outcome = await step.step.apply(step.settings, rows.relation, stepTools)
  if ('problems' in outcome) {
    const problems = outcome.problems.map((problem) => under(step.at, problem))
    throw pipelineErrors.step({ step: `${step.step.type} (${step.at.replace('.config', '')})` }, { problems })
  }
  const last = staged.at(-1)
  if (last === undefined) return { ...rows, relation: outcome }
  tools.note({ step: index, state: 'staged', rows: last.stage.rows })
  return { ...rows, relation: outcome, settings, inside: true }
}

export async function intoStage(
  input: Relation,
  settings: EngineSettings,
  tools: Pick<PlanTools, 'stages'>,
): Promise<{ stage: Stage; relation: Relation }> {
  const columns = engineColumns(input)
  const stage = await tools.stages.fill(select(fitted(input, columns)), columns, settings)
  return { stage, relation: relationOf(stage.place, columns) }
}

/** Statements of a plan read the source, so an engine error is first explained by the source. */
async function withSourceError<T>(explain: Rows['explain'], work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isMillraceError(error)) throw error
    throw (
      (readComplaint(String(error)) === undefined
        ? explain(error instanceof Error ? error.message : String(error))
        : undefined) ?? error
    )
  }
}

function under(at: string, problem: Problem): Problem {
  return { ...problem, at: problem.at === '' ? at : `${at}${/^\d+$/.test(problem.at) ? ':' : '.'}${problem.at}` }
}
