/**
 * A metric: a number with a name, defined once over the rows of a dataset, asked for any period,
 * zone and group.
 *
 * ```ts
 * const metric = MetricDefinition.parse({
 *   code: 'SAL.REV', name: 'Net revenue', dataset: 'orders', time: 'ordered_at',
 *   measure: { type: 'sum', expression: 'amount' }, filter: "status != 'cancelled'",
 *   dimensions: ['region', 'channel'], unit: 'EUR', lateness: '1h',
 * })
 * latenessMs(metric.lateness) // 3_600_000
 * ```
 */
import { z } from 'zod'
import { Name } from '#core/dataset'
import { Filter } from '#core/filter'
import { periodNames, periodStates } from '#core/period'

export const MetricPoint = z.object({
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  value: z.number().nullable(),
  /** The value without loss, where a number would lose digits. */
  exact: z.string().optional(),
  state: z.enum(periodStates),
  dataPoints: z.number().int(),
  dims: z.record(z.string(), z.string().nullable()).optional(),
  /** What it is compared with, when the question asked for that. */
  compare: z
    .object({
      start: z.iso.datetime(),
      end: z.iso.datetime(),
      value: z.number().nullable(),
      exact: z.string().optional(),
      dataPoints: z.number().int(),
      /** Only as much of the earlier period as has passed of this one; `end` says until when. */
      elapsed: z.literal(true).optional(),
      /** The metric has rows for the end of it only: `extent.first` of the answer says since when. */
      partial: z.literal(true).optional(),
    })
    .optional(),
})
export type MetricPoint = z.output<typeof MetricPoint>

export const MetricCode = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,99}$/, 'starts with a letter, then letters, digits, "_", "-" or ".", at most 100')

/** Its form only: what is wrong inside is reported with the rest, once the dataset is known. */
const FilterText = z
  .custom<Filter>((given) => typeof given === 'string' || (typeof given === 'object' && given !== null), {
    error: 'is an expression, or an object such as {"field": "status", "operator": "eq", "value": "active"}',
  })
  .meta(Filter.meta() ?? {})

const expression = z
  .string()
  .trim()
  .min(1, 'needs an expression over the columns of the dataset, such as "amount"')
  .max(10_000)
const simpleMeasures = <Extra extends z.core.$ZodShape>(extra: Extra) =>
  [
    z.strictObject({ type: z.literal('count'), ...extra }),
    z.strictObject({ type: z.literal('sum'), expression, ...extra }),
    z.strictObject({ type: z.literal('avg'), expression, ...extra }),
    z.strictObject({ type: z.literal('min'), expression, ...extra }),
    z.strictObject({ type: z.literal('max'), expression, ...extra }),
    z.strictObject({ type: z.literal('distinct'), expression, ...extra }),
    z.strictObject({ type: z.literal('percentile'), expression, p: z.number().min(0).max(100), ...extra }),
  ] as const

/** Named in the outside contract and not built yet: refused by name rather than as unknown. */
const laterMeasures = z
  .looseObject({ type: z.enum(['derived', 'balance', 'cumulative', 'conversion']) })
  .transform((measure, context) => {
    context.issues.push({
      code: 'custom',
      input: measure.type,
      path: ['type'],
      params: { code: 'not_there_yet' },
      message: `Measures of type "${measure.type}" are not there yet. Use count, sum, avg, min, max, distinct, percentile or ratio.`,
    })
    return z.NEVER
  })

const Part = z.discriminatedUnion('type', simpleMeasures({ filter: FilterText.optional() }))
export type MeasurePart = z.output<typeof Part>

export const Measure = z.discriminatedUnion('type', [
  ...simpleMeasures({}),
  z.strictObject({ type: z.literal('ratio'), numerator: Part, denominator: Part }),
  laterMeasures,
])
export type Measure = z.output<typeof Measure>

export const Lateness = z.string().regex(/^\d{1,6}(s|m|h|d)$/, 'is a number and a unit: "90s", "15m", "1h", "2d"')
const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of a lateness such as `1h`. */
export function latenessMs(lateness: string): number {
  return Number(lateness.slice(0, -1)) * units[lateness.slice(-1) as keyof typeof units]
}

export const MetricDefinition = z
  .strictObject({
    code: MetricCode,
    name: z.string().trim().min(1, 'needs at least one character').max(200),
    description: z.string().max(2000).optional(),
    dataset: Name,
    /** The column that says when a row happened; `_ingested_at` for when it came. */
    time: z.string().min(1).max(100),
    measure: Measure,
    filter: FilterText.optional(),
    dimensions: z.array(z.string()).max(16, 'a metric has at most 16 dimensions').default([]),
    unit: z.string().max(20).optional(),
    direction: z.enum(['up', 'down']).optional(),
    target: z.partialRecord(z.enum(periodNames), z.number()).optional(),
    lateness: Lateness.default('0s'),
  })
  .check((context) => {
    const { dimensions } = context.value
    for (const [index, name] of dimensions.entries()) {
      if (dimensions.indexOf(name) < index) {
        context.issues.push({
          code: 'custom',
          input: name,
          path: ['dimensions', index],
          message: `The dimension "${name}" is there twice.`,
        })
      }
    }
  })
export type MetricDefinition = z.output<typeof MetricDefinition>
