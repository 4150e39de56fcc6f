/** One part of a run: rows read, transformed, checked and loaded, once per part however often it is tried. */
import { countText } from '#core/count-text'
import { isMillraceError } from '#core/errors'
import type { QuarantineOwner, Reader } from '#modules/datasets'
import type { Explore } from '#modules/explore'
import { engineColumns } from '#plans/columns'
import { compile } from '#plans/compile'
import { fit } from '#plans/fit'
import type { Plan } from '#plans/plan'
import { scanOfStored } from '#plans/scan'
import { show, sql } from '#sdk'
import type { EngineReading, EngineSettings, RejectedRow, Slice, Sql, Surroundings, Writer } from '#sdk'
import { checkRows, ruleProblems } from '../plan/checks.ts'
import type { Checked } from '../plan/checks.ts'
import type { ValidatedPipeline } from '../definition/definition.ts'
import { endDataset } from '../definition/end-dataset.ts'
import { pipelineErrors } from '../errors.ts'
import { explained } from './explain.ts'
import { loadBatches } from './load-batches.ts'
import { typesAfterMisfit } from '../plan/stored-types.ts'
import type { StoredTypes } from '../plan/stored-types.ts'
import { emptyRows } from '../plan/plan.ts'
import { planForLoad } from '../plan/plan-for-load.ts'
import type { PlanEvent, PlanTools, Rows } from '../plan/plan.ts'
import type { Recorder } from './recorder.ts'
import type { Stage, Stages } from '../plan/stage.ts'
import type { Resume, StagedRecords } from '../plan/staged-records.ts'

export interface PartTools {
  readonly around: Surroundings
  readonly stages: Stages
  readonly explore: Explore
  readonly reader: Reader
  readonly insertRecords: (place: Stage['place'], ndjson: string) => Promise<void>
  readonly quarantine: (owner: QuarantineOwner, checked: Checked, part: PartIdentity) => Promise<void>
  readonly keepRejected: (owner: QuarantineOwner, rejected: readonly RejectedRow[], part: PartIdentity) => Promise<void>
  /** How many rows of the part were put into quarantine, by this attempt or an earlier one. */
  readonly countKept: (owner: QuarantineOwner, part: PartIdentity) => Promise<number>
  /** Removes the rows that an attempt put into quarantine, before the source is read with other types. */
  readonly discardKept: (owner: QuarantineOwner, part: PartIdentity) => Promise<void>
  readonly recorder: Recorder
}

export interface PartIdentity {
  readonly pipeline: { readonly id: string; readonly name: string }
  readonly run: string
  readonly id: string
  readonly slice?: Slice
  /** How many rows the slice has. */
  readonly sliceRows?: number
}

/** A part that reads on from the state of its source. */
export interface Resuming {
  readonly resume: Resume
  /** Called with what the part loads, before the destination gets any of it. */
  readonly beforeLoad: (records: StagedRecords) => Promise<void>
}

interface PartReading extends Pick<PlanTools, 'onReading' | 'setApart' | 'reading'>, Partial<Resuming> {
  /** Gets the plan of the rows to load, before checks, and as which types the columns of the source are read. */
  readonly onPlan?: (plan: Plan, types: StoredTypes) => void
}

/** Returns where the records of the source lie, and its state, for a source that gives batches. */
export async function runPart(
  pipeline: ValidatedPipeline,
  part: PartIdentity,
  tools: PartTools,
  resuming?: Resuming,
): Promise<StagedRecords | undefined> {
  let reading: EngineReading | undefined
  let plan: Plan | undefined
  let types: StoredTypes = {}
  try {
    return await loadPart(pipeline, part, tools, {
      ...resuming,
      onReading: (chosen) => (reading = chosen),
      onPlan: (planned, as) => ([plan, types] = [planned, as]),
    })
  } catch (error) {
    if (tools.around.signal.aborted || !(error instanceof Error) || reading?.tolerant === undefined) throw error
    return await loadTolerantly(pipeline, part, tools, { reading, plan, types, error })
  }
}

interface FailedReading {
  readonly reading: EngineReading
  /** As far as it came. */
  readonly plan: Plan | undefined
  readonly types: StoredTypes
  readonly error: Error
}

/** Reads the source again without the rows that cannot be read, and then without those that do not fit the destination. */
async function loadTolerantly(
  pipeline: ValidatedPipeline,
  part: PartIdentity,
  tools: PartTools,
  { reading, plan, types: first, error }: FailedReading,
): Promise<StagedRecords | undefined> {
  const { recorder, around } = tools
  const setApart = (rejected: readonly RejectedRow[]) =>
    tools.keepRejected(quarantineOwner(pipeline, part), rejected, part)
  let failure: unknown = error
  if (reading.tolerant?.applies(error) === true) {
    recorder.log('warn', `${error.message} The source is read again, and rows that cannot be read are rejected.`)
    try {
      return await loadPart(pipeline, part, tools, { setApart, reading })
    } catch (next) {
      failure = next
    }
  }
  let types = first
  for (;;) {
    const { inferred } = reading
    if (around.signal.aborted || !isMillraceError(failure) || plan === undefined || inferred === undefined)
      throw failure
    const columns = { around, inferred: inferred.columns, known: types }
    const more = await typesAfterMisfit(pipeline, plan, failure, columns)
    if (more === undefined) throw failure
    types = more
    const again = 'The source is read again with the types of the destination, and rows that do not fit are rejected.'
    recorder.log('warn', `${failure.message} ${again}`)
    await tools.discardKept(quarantineOwner(pipeline, part), part)
    try {
      return await loadPart(pipeline, part, tools, { setApart, reading: inferred.readAs(types) })
    } catch (next) {
      // A quality rule may not apply to a column of another type.
      if (!isMillraceError(next) || next.code !== 'pipelines.step') failure = next
    }
  }
}

async function loadPart(
  pipeline: ValidatedPipeline,
  part: PartIdentity,
  tools: PartTools,
  { beforeLoad, onPlan, ...reading }: PartReading,
): Promise<StagedRecords | undefined> {
  const { recorder } = tools
  let explain: Rows['explain'] = () => undefined
  let writer: Writer | undefined
  try {
    const { rows, types } = await planForLoad(pipeline, {
      ...tools,
      ...reading,
      note: (event) => noted(event, recorder),
      ...(part.slice === undefined ? {} : { slice: part.slice }),
    })
    explain = rows.explain
    onPlan?.(rows.plan, types)
    if (rows.setApart !== undefined) {
      recorder.count({ quarantined: rows.setApart })
      recorder.log(
        'warn',
        `${countText(rows.setApart, 'row')} of the source cannot be read and ${rows.setApart === 1 ? 'is' : 'are'} in quarantine.`,
      )
    }
    if (rows.plan.columns.length === 0) {
      await loadNothing(pipeline, part, tools)
      return rows.records
    }
    const destination = destinationStep(pipeline)
    const problems = ruleProblems(pipeline.rules, rows.plan)
    if (problems.length > 0) throw pipelineErrors.step({ step: 'quality' }, { problems })

    const able = pipeline.destination.connector.destination
    if (able === undefined) throw new Error(`The connector "${pipeline.destination.connector.type}" writes nothing.`)
    const { open } = await able.load()
    const request = {
      pipeline: part.pipeline,
      run: part.run,
      columns: engineColumns(rows.plan),
    }
    if (pipeline.rules.length === 0) {
      recorder.begin(destination)
      writer = await open(pipeline.destination.settings, tools.around, request)
      if (rows.records !== undefined) await beforeLoad?.(rows.records)
      const whole = pipeline.steps.every(({ step }) => step.keepsRows === true)
      await load(pipeline, part, tools, {
        writer,
        rows,
        plan: rows.plan,
        settings: rows.settings,
        whole,
        step: destination,
      })
    } else {
      recorder.begin(destination - 1)
      const checked = await checkRows(pipeline.rules, rows.plan, rows.settings, tools)
      await tools.quarantine(quarantineOwner(pipeline, part), checked, part)
      report(checked, recorder, destination - 1, rows.setApart)
      recorder.begin(destination)
      writer = await open(pipeline.destination.settings, tools.around, request)
      if (rows.records !== undefined) await beforeLoad?.(rows.records)
      const count = checked.good
      await load(pipeline, part, tools, {
        writer,
        rows,
        plan: checked.rows,
        settings: rows.settings.order === undefined ? {} : { order: rows.settings.order },
        count,
        whole: false,
        step: destination,
      })
    }
    return rows.records
  } catch (error) {
    await writer?.abandon().catch(() => undefined)
    if (tools.around.signal.aborted) throw tools.around.signal.reason
    throw explained(error, explain)
  }
}

/**
 * The source has no rows and shows no columns: nothing is made or changed, but a destination whose rows are replaced
 * is emptied when it is there.
 */
async function loadNothing(pipeline: ValidatedPipeline, part: PartIdentity, tools: PartTools): Promise<void> {
  const { recorder, around } = tools
  const { connector, settings } = pipeline.destination
  const step = destinationStep(pipeline)
  const code = await connector.destination?.load()
  recorder.begin(step)
  recorder.count({ read: 0, written: 0, bytes: 0 })
  recorder.log('info', 'The source has no rows and shows no columns.')
  const columns =
    connector.destination?.replaces?.(settings) === true ? await code?.existing?.(settings, around) : undefined
  if (code === undefined || columns === undefined || columns.length === 0) {
    recorder.pass(step, { rows: 0, message: 'There are no rows; nothing was changed.' })
    return
  }
  const writer = await code.open(settings, around, { pipeline: part.pipeline, run: part.run, columns })
  try {
    const rows = emptyRows(columns)
    await load(pipeline, part, tools, { writer, rows, plan: rows.plan, settings: {}, count: 0, whole: true, step })
  } catch (error) {
    await writer.abandon().catch(() => undefined)
    throw error
  }
}

function destinationStep({ steps, rules }: ValidatedPipeline): number {
  return steps.length + 1 + (rules.length > 0 ? 1 : 0)
}

interface Load {
  readonly writer: Writer
  /** What the source and the steps gave. */
  readonly rows: Rows
  /** What is loaded of them. */
  readonly plan: Plan
  readonly settings: EngineSettings
  /** How many rows `plan` has, where they were counted already. */
  readonly count?: number
  /** Every row of the source is loaded. */
  readonly whole: boolean
  /** The number of the step that loads. */
  readonly step: number
}

async function load(
  pipeline: ValidatedPipeline,
  part: PartIdentity,
  tools: PartTools,
  { whole, step, ...what }: Load,
): Promise<void> {
  const { recorder, around } = tools
  const { writer, rows } = what
  const rowCount = rows.read ?? part.sliceRows
  if (rowCount !== undefined) recorder.count({ read: rowCount })
  const asked = rowCount === undefined && !whole ? askedCount(rows, around, recorder) : undefined
  const { select, count, settings, bytes } = await loadable(what, tools)
  recorder.log('info', `${show(writer.into)} ${show(select)}`)
  recorder.loading()
  const loading = { id: part.id, select, count, settings }
  const loaded = 'write' in writer ? await loadBatches(writer, loading, around.engine) : await writer.load(loading)
  // The destination has the rows of an earlier attempt, so the source was not read again: that attempt set rows apart.
  const kept = loaded.duplicate ? await tools.countKept(quarantineOwner(pipeline, part), part) : 0
  if (loaded.duplicate) recorder.count({ quarantined: kept })
  const read = rowCount ?? (whole ? loaded.rows + kept : await asked)
  const seen = read ?? Math.max(loaded.rows, recorder.state().read)
  recorder.count({ read: seen, written: loaded.rows, bytes: loaded.bytes > 0 ? loaded.bytes : bytes })
  const so = recorder.state()
  recorder.pass(0, { rows: so.read })
  recorder.pass(step, {
    rows: so.written,
    bytes: so.bytes,
    ...(loaded.duplicate
      ? { message: 'These rows had been loaded before the server ended; they were not loaded again.' }
      : {}),
  })
}

/** The rows as the writer takes them: counted where it must know their number, and then staged if they lie outside. */
async function loadable(
  { writer, rows, plan, settings, count }: Pick<Load, 'writer' | 'rows' | 'plan' | 'settings' | 'count'>,
  { around, stages }: PartTools,
): Promise<{ select: Sql; count: number; settings: EngineSettings; bytes: number }> {
  const fitted = fit(plan, writer.columns)
  const select = compile(fitted, 'clickhouse')
  if (!('counted' in writer) || writer.counted !== true || count !== undefined)
    return { select, count: count ?? 0, settings, bytes: 0 }
  if (rows.inside) return { select, count: await countOf(fitted, around, settings), settings, bytes: 0 }
  const stage = await stages.fill(select, writer.columns, settings)
  const staged = scanOfStored(fitted, { name: 'stage', from: stage.place }, writer.columns)
  return { select: compile(staged, 'clickhouse'), count: stage.rows, settings: {}, bytes: stage.bytes }
}

/** What the source itself says, where that is cheap to ask; asked while the rows are loaded. */
async function askedCount(rows: Rows, around: Surroundings, recorder: Recorder): Promise<number | undefined> {
  if (rows.count === undefined) return undefined
  try {
    const [counted] = await around.engine.rows<{ rows: string | number }>(rows.count, rows.settings)
    return Number(counted?.rows ?? 0)
  } catch {
    recorder.log('warn', 'The source could not say how many rows it has, so only those that were loaded are counted.')
    return undefined
  }
}

async function countOf(plan: Plan, around: Surroundings, settings: EngineSettings): Promise<number> {
  const [counted] = await around.engine.rows<{ rows: string | number }>(
    sql`SELECT count() AS rows FROM (${compile(plan, 'clickhouse')})`,
    settings,
  )
  return Number(counted?.rows ?? 0)
}

function noted(event: PlanEvent, recorder: Recorder): void {
  if (event.state === 'begins') recorder.begin(event.step)
  if (event.state === 'staged') {
    if (event.step === 0) recorder.count({ read: event.rows })
    else recorder.log('info', `Step ${event.step} took ${countText(event.rows, 'row')}.`)
  }
}

function report(checked: Checked, recorder: Recorder, step: number, setApart = 0): void {
  for (const { rule, says, rows } of checked.results) {
    if (rows > 0)
      recorder.log('warn', `${rows} ${rows === 1 ? 'row breaks' : 'rows break'} the rule ${says} (${rule.severity}).`)
  }
  recorder.count({ quarantined: checked.quarantined.count + setApart })
  const broken = checked.results.filter((result) => result.rows > 0)
  recorder.pass(step, {
    rows: checked.good,
    message:
      broken.length === 0
        ? 'Every rule holds.'
        : broken.map(({ says, rows, rule }) => `${says}: ${rows} ${rule.severity}`).join('; '),
  })
}

/** Quarantined rows belong to their pipeline, and to the dataset they were meant for. */
function quarantineOwner({ destination, spec }: ValidatedPipeline, part: PartIdentity): QuarantineOwner {
  const dataset = endDataset(destination.connector.destination?.inside, spec.destination.config)
  return { pipeline: part.pipeline.id, ...(dataset === undefined ? {} : { dataset }) }
}
