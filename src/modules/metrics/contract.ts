import { z } from 'zod'
import { Filter } from '#core/filter'
import { MetricCode, MetricDefinition, MetricPoint } from '#core/metric'
import { periodNames } from '#core/period'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'
import { versionOperations } from '#kernel/version-operations'
import { maxPins } from '#core/home-pins'

const instant = String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?`
const Instant = z
  .string()
  .regex(new RegExp(`^${instant}$`), {
    error: 'is a time such as "2026-11-21T00:00:00Z", or a day such as "2026-11-21"',
    abort: true,
  })
  .refine(exists, 'is not a time that exists')
  .describe('RFC 3339, or a day of the zone.')
  .meta({ examples: ['2026-11-21T00:00:00Z', '2026-11-21'] })

/** JavaScript reads the 30th of February as the 2nd of March. */
function exists(text: string): boolean {
  const day = text.slice(0, 10)
  const midnight = Date.parse(day)
  return !Number.isNaN(Date.parse(text)) && new Date(midnight).toISOString().startsWith(day)
}

const Period = z.enum(periodNames)
const params = z.object({ code: MetricCode })
const asking = {
  from: Instant.optional().describe('Start of the range. By default a stretch that suits the period.'),
  to: Instant.optional().describe('End of the range, not included. By default now.'),
  zone: z.string().max(64).optional().describe('Time zone of the periods, such as "Asia/Kolkata". By default UTC.'),
  fill: z.enum(['null', 'zero']).optional().describe('What periods without data show; they are absent otherwise.'),
  compare: z
    .string()
    .max(100)
    .regex(new RegExp(`^(previous|${instant}\\.\\.${instant})$`), {
      error: 'is "previous", or a range such as "2026-11-14..2026-11-21"',
      abort: true,
    })
    .refine(isComparison, 'is "previous", or a range such as "2026-11-14..2026-11-21"')
    .optional()
    .describe(
      'Each point together with the one of the period before ("previous"), or with the one at the same place of another range ("2026-11-14..2026-11-21", times or days); an open one with as much of that as has passed.',
    ),
}

/** `previous`, or two times with `..` between. */
function isComparison(text: string): boolean {
  const [from, to, ...more] = text.split('..')
  return text === 'previous' || (more.length === 0 && [from, to].every((side) => Instant.safeParse(side).success))
}

/** In an address: columns with commas between, a filter as an expression or as JSON. */
export const ValuesQuery = z.object({
  period: Period.default('day'),
  ...asking,
  by: z.string().max(2000).optional().describe('Columns to group by, with commas between.'),
  filter: z.string().max(10_000).optional().describe('An expression, or the object form as JSON.'),
})

export const KpiQuestion = z.strictObject({
  code: MetricCode,
  period: Period.default('day'),
  ...asking,
  by: z
    .union([z.array(z.string()).max(16), z.string().max(2000)])
    .optional()
    .describe('Columns to group by: a list, or one text with commas between.'),
  filter: Filter.optional(),
})

export const Metric = MetricDefinition.safeExtend({
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** `current`: cells hold every row; `folding`: they are catching up, answers come from raw rows meanwhile. */
  state: z.enum(['current', 'folding', 'raw', 'broken']),
})
export type Metric = z.output<typeof Metric>

const Replacement = MetricDefinition.safeExtend({
  version: z.int().optional().describe('The version that was changed; another current one is a conflict.'),
  createdAt: z.unknown().optional(),
  updatedAt: z.unknown().optional(),
  state: z.unknown().optional(),
})

export const MetricAnswer = z.object({
  code: z.string(),
  unit: z.string().optional(),
  period: Period,
  zone: z.string(),
  points: z.array(MetricPoint),
  asOf: z.iso.datetime(),
  approximate: z
    .object({ relativeError: z.number() })
    .optional()
    .describe(
      'There when values are not exact, as those of a percentile: how close they are, relative to the true ones.',
    ),
  extent: z
    .object({
      first: z.iso.datetime(),
      last: z.iso.datetime().nullable().describe('Of the rows that are not dated ahead of now.'),
      ahead: z
        .object({ rows: z.number().int(), last: z.iso.datetime() })
        .optional()
        .describe('There when rows are dated ahead of now: how many, and the latest of them.'),
    })
    .optional()
    .describe(
      'From when to when the rows of the metric are dated, whatever the question filters; in whole minutes. Absent while there are none, and for a past range without a comparison.',
    ),
})

/** The metrics that the caller pinned to Home, in their order. */
export const PinnedMetrics = z.strictObject({
  metrics: z
    .array(MetricCode)
    .max(maxPins, `Home has at most ${maxPins} pinned metrics`)
    .refine((codes) => new Set(codes).size === codes.length, 'each metric is pinned once')
    .meta({ uniqueItems: true })
    .describe('Codes in the order of the tiles.'),
})

const definition = {
  code: 'SAL.REV',
  name: 'Net revenue',
  dataset: 'orders',
  time: 'ordered_at',
  measure: { type: 'sum', expression: 'amount' },
  filter: "region != 'test'",
  dimensions: ['region'],
  unit: 'EUR',
  lateness: '1h',
}

export const metricsContract = defineContract('metrics', {
  list: operation({
    method: 'GET',
    path: '/api/v1/metrics',
    permission: 'metrics.read',
    summary: 'The metrics of the workspace, by code.',
    query: Paging,
    answer: z.object({ items: z.array(Metric), next: z.string().nullable() }),
    columns: ['code', 'name', 'dataset', 'unit', 'state'],
  }),
  create: operation({
    method: 'POST',
    path: '/api/v1/metrics',
    permission: 'metrics.write',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'metric', id: body.code, name: body.name }),
    changes: 'get',
    summary: 'Define a metric; rows that are there already count.',
    body: MetricDefinition,
    example: definition,
    answer: Metric,
    status: 201,
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/metrics/{code}',
    permission: 'metrics.read',
    summary: 'One metric with its definition.',
    params,
    answer: Metric,
  }),
  replace: operation({
    method: 'PUT',
    path: '/api/v1/metrics/{code}',
    permission: 'metrics.write',
    effect: 'write',
    subject: ({ params, body }) => ({ kind: 'metric', id: params.code, name: body.name }),
    changes: 'get',
    summary: 'Change a metric; its numbers are computed again from all rows.',
    description: 'What GET answers may be changed and sent back as it is.',
    params,
    body: Replacement,
    example: { ...definition, name: 'Revenue without returns', version: 1 },
    answer: Metric,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/metrics/{code}',
    permission: 'metrics.write',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'metric', id: params.code }),
    changes: 'get',
    summary: 'Delete a metric and its cells; the rows stay.',
    params,
    answer: z.void(),
    status: 204,
  }),
  ...versionOperations({
    kind: 'metric',
    path: '/api/v1/metrics/{code}',
    params,
    idParam: 'code',
    read: 'metrics.read',
    write: 'metrics.write',
    answer: Metric,
  }),
  pins: operation({
    method: 'GET',
    path: '/api/v1/home/pins',
    permission: 'metrics.read',
    summary: 'The metrics that the caller pinned to Home, in their order.',
    description: 'Each person and each token has its own. A metric that was deleted is left out.',
    params: z.object({}),
    answer: PinnedMetrics,
  }),
  setPins: operation({
    method: 'PUT',
    path: '/api/v1/home/pins',
    permission: 'metrics.read',
    effect: 'write',
    subject: () => ({ kind: 'pins', id: 'home' }),
    changes: 'pins',
    summary: 'Pins these metrics to Home, in this order, instead of those that are pinned.',
    params: z.object({}),
    body: PinnedMetrics,
    example: { metrics: ['SAL.REV'] },
    answer: PinnedMetrics,
    command: 'metrics set-pins',
  }),
  values: operation({
    method: 'GET',
    path: '/api/v1/metrics/{code}/values',
    permission: 'metrics.read',
    summary: 'The values of a metric, period by period.',
    description:
      'Every period that shares an instant with [from, to) is answered whole. A period is open until its end, provisional until its lateness has passed, then final; data that comes later still counts.',
    params,
    query: ValuesQuery,
    answer: MetricAnswer,
    columns: ['start', 'value', 'state', 'dataPoints', 'dims'],
  }),
  history: operation({
    method: 'GET',
    path: '/query/history/{code}',
    aliases: ['/api/v1/query/history/{code}'],
    permission: 'metrics.read',
    summary: 'The same as the values of a metric.',
    params,
    query: ValuesQuery,
    answer: MetricAnswer,
    command: false,
  }),
  kpi: operation({
    method: 'POST',
    path: '/query/kpi',
    aliases: ['/api/v1/query/kpi'],
    permission: 'metrics.read',
    effect: 'read',
    summary: 'The values of a metric, asked in a body.',
    body: KpiQuestion,
    example: { code: 'SAL.REV', period: 'day', from: '2026-11-01', to: '2026-11-08', by: ['region'] },
    answer: MetricAnswer,
    command: false,
  }),
})
