/** Validates a pipeline's body: finds every connector, step and rule and parses every setting. */
import { nextTime } from '#core/cron'
import { PipelineSpec, Schedule, scheduleOf } from '#core/pipeline'
import type { Problem } from '#core/errors'
import { check } from '#kernel/problems'
import type { Connectors, SettingsValidation } from '#modules/connectors'
import type { Connector, LoadMode } from '#sdk'
import { validateRule } from '../quality/catalogue.ts'
import type { ValidatedRule } from '../quality/catalogue.ts'
import { validateStep } from '../steps/catalogue.ts'
import type { ValidatedStep } from '../steps/catalogue.ts'
import type { ConnectionSettings } from './connections.ts'
import { streamingProblems } from './streaming-problems.ts'

export interface ValidatedPipeline {
  readonly spec: PipelineSpec
  readonly source: End
  readonly destination: End
  readonly steps: readonly ValidatedStep[]
  readonly rules: readonly ValidatedRule[]
}

export interface End {
  readonly connector: Connector
  readonly settings: unknown
}

export type PipelineValidation =
  | { readonly pipeline: ValidatedPipeline; readonly problems: readonly [] }
  | { readonly pipeline?: undefined; readonly problems: readonly Problem[] }

export function validatePipeline(
  body: unknown,
  connectors: Connectors,
  connections: ConnectionSettings = {},
): PipelineValidation {
  const { value: spec, problems: shape } = check(PipelineSpec, body)
  // What can be read of a broken body is still checked, so that its problems come together.
  const readable = spec === undefined ? partial(body) : { ...spec, quality: spec.quality ?? [] }
  const source = readable.source && connectors.validate('source', readable.source, 'source', connections.source)
  const destination =
    readable.destination &&
    withMode(
      connectors.validate('destination', readable.destination, 'destination', connections.destination),
      spec?.type === 'streaming' ? 'slices' : isIncremental(source) ? 'increments' : 'all rows',
    )
  const steps = readable.transformations.map((part, index) => validateStep(part, `transformations[${index}]`))
  const rules = readable.quality.map((rule, index) => validateRule(rule, `quality[${index}]`))
  const problems = [
    ...shape,
    ...(source?.problems ?? []),
    ...(destination?.problems ?? []),
    ...steps.flatMap((step) => ('problems' in step ? step.problems : [])),
    ...rules.flatMap((rule) => ('problems' in rule ? rule.problems : [])),
    ...(spec === undefined
      ? []
      : [
          ...streamingProblems(spec, source, destination, steps),
          ...incrementProblems(source, destination),
          ...cronProblems(spec),
        ]),
  ]
  if (
    problems.length > 0 ||
    spec === undefined ||
    source?.connector === undefined ||
    destination?.connector === undefined
  )
    return { problems }
  return {
    problems: [],
    pipeline: {
      spec,
      source: { connector: source.connector, settings: source.settings },
      destination: { connector: destination.connector, settings: destination.settings },
      steps: steps.flatMap((step) => ('problems' in step ? [] : [step])),
      rules: rules.flatMap((rule) => ('problems' in rule ? [] : [rule])),
    },
  }
}

/** All rows take the place of those that are there, or update them by key; what comes bit by bit is added. */
function withMode(validation: SettingsValidation, reads: 'all rows' | 'increments' | 'slices'): SettingsValidation {
  if (validation.connector === undefined || validation.connector.destination?.defaultsMode !== true) return validation
  const settings = validation.settings as { readonly mode?: LoadMode; readonly key?: readonly string[] }
  if (settings.mode !== undefined) return validation
  const mode: LoadMode =
    reads === 'slices' || (reads === 'increments' && settings.key === undefined)
      ? 'append'
      : settings.key === undefined
        ? 'overwrite'
        : 'merge'
  return { ...validation, settings: { ...settings, mode } }
}

function isIncremental(source: SettingsValidation | undefined): boolean {
  return source?.connector?.source?.resumes?.(source.settings) !== undefined
}

function incrementProblems(
  source: SettingsValidation | undefined,
  destination: SettingsValidation | undefined,
): readonly Problem[] {
  const replaces = destination?.connector?.destination?.replaces?.(destination.settings) === true
  if (!replaces || !isIncremental(source)) return []
  return [
    {
      at: 'destination.config.mode',
      code: 'replaces_increments',
      message:
        'An incremental source gives only what is new, which would replace everything before it; use "append" or "merge", or read all of the source.',
    },
  ]
}

function cronProblems({ schedule }: Pick<PipelineSpec, 'schedule'>): readonly Problem[] {
  if (schedule === undefined) return []
  try {
    nextRunAt(schedule, Date.now())
    return []
  } catch (error) {
    return [
      {
        at: 'schedule',
        code: 'not_cron',
        message: `This is not a cron expression: ${error instanceof Error ? error.message : String(error)}.`,
      },
    ]
  }
}

export function nextRunAt(schedule: NonNullable<PipelineSpec['schedule']>, after: number): string {
  const { cron, zone } = scheduleOf(schedule)
  return new Date(nextTime(cron, zone, after)).toISOString()
}

/** The next three times of the schedule of a body, whatever else is wrong with it; none for a schedule that is wrong. */
export function nextRunsOf(body: unknown, after: number): string[] {
  const schedule = Schedule.safeParse((body as { readonly schedule?: unknown } | null)?.schedule)
  if (!schedule.success || cronProblems({ schedule: schedule.data }).length > 0) return []
  const times: string[] = []
  for (let at = after; times.length < 3; at = Date.parse(times.at(-1)!)) times.push(nextRunAt(schedule.data, at))
  return times
}

/** The ends and steps of a body that as a whole is not right, as far as each by itself has its form. */
function partial(
  body: unknown,
): Partial<Pick<PipelineSpec, 'source' | 'destination'>> &
  Required<Pick<PipelineSpec, 'transformations'>> & { quality: NonNullable<PipelineSpec['quality']> } {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const { source, destination, transformations, quality } = PipelineSpec.shape
  const one = source.safeParse(given['source'])
  const other = destination.safeParse(given['destination'])
  const list = transformations.safeParse(given['transformations'])
  const rules = quality.safeParse(given['quality'])
  return {
    ...(one.success ? { source: one.data } : {}),
    ...(other.success ? { destination: other.data } : {}),
    transformations: list.success ? list.data : [],
    quality: (rules.success ? rules.data : undefined) ?? [],
  }
}
