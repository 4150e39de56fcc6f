/** A pipeline's body made certain: every connector, step and rule found, every setting parsed. */
import { nextTime } from '#core/cron'
import { PipelineSpec, scheduleOf } from '#core/pipeline'
import type { Problem } from '#core/errors'
import { check } from '#kernel/problems'
import type { Connectors, Settled } from '#modules/connectors'
import type { Connector, LoadMode } from '#sdk'
import { settleRule } from '../quality/rules.ts'
import type { SettledRule } from '../quality/rules.ts'
import { settleStep } from '../steps/catalogue.ts'
import type { SettledStep } from '../steps/catalogue.ts'
import { streamingProblems } from './streaming-problems.ts'

export interface SettledPipeline {
  readonly spec: PipelineSpec
  readonly source: End
  readonly destination: End
  readonly steps: readonly SettledStep[]
  readonly rules: readonly SettledRule[]
}

export interface End {
  readonly connector: Connector
  readonly settings: unknown
}

export type Settling =
  | { readonly pipeline: SettledPipeline; readonly problems: readonly [] }
  | { readonly pipeline?: undefined; readonly problems: readonly Problem[] }

export function settlePipeline(body: unknown, connectors: Connectors): Settling {
  const { value: spec, problems: shape } = check(PipelineSpec, body)
  // What can be read of a broken body is still checked, so that its problems come together.
  const readable = spec === undefined ? partial(body) : { ...spec, quality: spec.quality ?? [] }
  const source = readable.source && connectors.settle('source', readable.source, 'source')
  const destination =
    readable.destination &&
    withMode(connectors.settle('destination', readable.destination, 'destination'), spec?.type ?? 'batch')
  const steps = readable.transformations.map((part, index) => settleStep(part, `transformations[${index}]`))
  const rules = readable.quality.map((rule, index) => settleRule(rule, `quality[${index}]`))
  const problems = [
    ...shape,
    ...(source?.problems ?? []),
    ...(destination?.problems ?? []),
    ...steps.flatMap((step) => ('problems' in step ? step.problems : [])),
    ...rules.flatMap((rule) => ('problems' in rule ? rule.problems : [])),
    ...(spec === undefined ? [] : [...streamingProblems(spec, source, destination, steps), ...cronProblems(spec)]),
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

/** A batch reads all rows, which take the place of those that are there; what comes slice by slice is added. */
function withMode(settled: Settled, type: PipelineSpec['type']): Settled {
  if (settled.connector === undefined || settled.connector.destination?.defaultsMode !== true) return settled
  const settings = settled.settings as { readonly mode?: LoadMode; readonly key?: readonly string[] }
  if (settings.mode !== undefined) return settled
  const mode: LoadMode = type === 'streaming' ? 'append' : settings.key === undefined ? 'overwrite' : 'merge'
  return { ...settled, settings: { ...settings, mode } }
}

function cronProblems({ schedule }: PipelineSpec): readonly Problem[] {
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
