import { z } from 'zod'

export const periodNames = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
export type PeriodName = (typeof periodNames)[number]

export const periodStates = ['open', 'provisional', 'final'] as const
export type PeriodState = (typeof periodStates)[number]

export const MetricPoint = z.object({
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  value: z.number().nullable(),
  /** The value without loss, where a number would lose digits. */
  exact: z.string().optional(),
  state: z.enum(periodStates),
  dataPoints: z.number().int(),
  dims: z.record(z.string(), z.string().nullable()).optional(),
})
export type MetricPoint = z.output<typeof MetricPoint>

/** Grows in the metrics work: see the definition in the outside contract. */
export interface MetricDefinition {
  readonly code: string
  readonly name: string
}
