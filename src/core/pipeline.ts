/**
 * A pipeline: where rows come from, what happens to them, what is checked, and where they go.
 *
 * ```ts
 * const pipeline = PipelineSpec.parse({
 *   name: 'Active customers', type: 'batch',
 *   source: { type: 'file', config: { path: 'customers.csv' } },
 *   transformations: [{ type: 'filter', config: { field: 'status', operator: 'eq', value: 'active' } }],
 *   destination: { type: 'dataset', config: { dataset: 'customers' } },
 *   schedule: '0 6 * * *',
 * })
 * scheduleOf(pipeline.schedule!) // { cron: '0 6 * * *', zone: 'UTC' }
 * ```
 */
import { z } from 'zod'

export const pipelineTypes = ['batch', 'streaming'] as const

export const severities = ['warn', 'error', 'fail'] as const
export type Severity = (typeof severities)[number]

/** A thing by its type with settings of its own, which its connector or step checks. */
export const TypedConfig = z.strictObject({
  type: z.string().min(1).max(100),
  config: z.record(z.string(), z.unknown()).default({}),
})
export type TypedConfig = z.output<typeof TypedConfig>

/** A stream of a connection, as a pipeline names it. */
export const NamedStream = z.strictObject({ name: z.string().min(1).max(500) })

/**
 * Where a pipeline reads or writes: a connector with its settings, or a connection, whose settings then stay out of
 * `config`. `type` of a connection is filled in. A source may name a stream of its connection in place of settings.
 */
const endShape = {
  type: z.string().max(100).default(''),
  connection: z.string().min(1).max(100).optional(),
  config: z.record(z.string(), z.unknown()).default({}),
}
type EndGiven = { readonly type: string; readonly connection?: string | undefined }
const needsType = (context: z.core.ParsePayload<EndGiven>): void => {
  const { type, connection } = context.value
  if (type !== '' || connection !== undefined) return
  const message = 'This is needed: a string, or "connection".'
  context.issues.push({ code: 'custom', input: type, path: ['type'], params: { code: 'missing' }, message })
}

export const PipelineSource = z
  .strictObject({ ...endShape, streams: z.array(NamedStream).length(1).optional() })
  .check(needsType)
export const PipelineDestination = z.strictObject(endShape).check(needsType)

/** A transformation. A config that is only an expression stands for `{expression}`. */
export const StepConfig = z.strictObject({
  type: z.string().min(1).max(100),
  config: z
    .union(
      [
        z.record(z.string(), z.unknown()),
        z
          .string()
          .min(1)
          .transform((expression): Record<string, unknown> => ({ expression })),
      ],
      { error: 'is an object of settings, or an expression' },
    )
    .default({}),
})
export type StepConfig = z.output<typeof StepConfig>

/** `{type, severity}` and the rule's own settings beside them. */
export const QualityRuleSpec = z.looseObject({
  type: z.string().min(1).max(100),
  severity: z.enum(severities).default('error'),
})
export type QualityRuleSpec = z.output<typeof QualityRuleSpec>

const Zone = z
  .string()
  .refine(isZone, { error: (issue) => `"${String(issue.input)}" is not a time zone; use a name such as "Europe/Rome"` })
const Cron = z
  .string()
  .regex(
    /^\s*\S+(\s+\S+){4}\s*$/,
    'is a cron expression of five fields: minute, hour, day of month, month, day of week',
  )

/** Five-field cron, in UTC unless a zone is named. */
export const Schedule = z.union([Cron, z.strictObject({ cron: Cron, zone: Zone.default('UTC') })], {
  error: 'is a cron expression of five fields such as "0 */6 * * *", or {cron, zone}',
})
export type Schedule = z.output<typeof Schedule>

export const PipelineSpec = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1, 'needs at least one character')
      .max(200)
      .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'has no control characters'),
    type: z.enum(pipelineTypes),
    source: PipelineSource,
    destination: PipelineDestination,
    transformations: z.array(StepConfig).max(100).default([]),
    quality: z.array(QualityRuleSpec).max(200).optional(),
    schedule: Schedule.optional(),
  })
  .check((context) => {
    const { type, schedule } = context.value
    if (type === 'streaming' && schedule !== undefined) {
      context.issues.push({
        code: 'custom',
        input: schedule,
        path: ['schedule'],
        message: 'a streaming pipeline runs all the time and has no schedule; remove it, or make the pipeline a batch',
      })
    }
  })
export type PipelineSpec = z.output<typeof PipelineSpec>

export function scheduleOf(schedule: Schedule): { cron: string; zone: string } {
  return typeof schedule === 'string' ? { cron: schedule.trim(), zone: 'UTC' } : schedule
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
