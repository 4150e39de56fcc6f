import type { MetricDefinition, MetricPoint, PeriodName } from '#core/metric'
import { face } from '#kernel/module'

export const metrics = face<Metrics>('metrics')

export interface Metrics {
  get(workspace: string, code: string): Promise<MetricDefinition>
  list(workspace: string): Promise<readonly MetricDefinition[]>
  create(workspace: string, definition: unknown): Promise<MetricDefinition>
  values(workspace: string, question: ValuesQuestion): Promise<MetricValues>
}

export interface ValuesQuestion {
  readonly code: string
  readonly period: PeriodName
  /** `[from, to)` in milliseconds. */
  readonly from: number
  readonly to: number
  readonly zone?: string
  readonly by?: readonly string[]
  readonly filter?: unknown
  readonly fill?: 'null' | 'zero'
  readonly signal?: AbortSignal
}

export interface MetricValues {
  readonly code: string
  readonly unit: string | undefined
  readonly period: PeriodName
  readonly zone: string
  readonly points: readonly MetricPoint[]
  readonly asOf: string
}
