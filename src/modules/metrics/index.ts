/**
 * Numbers that are defined once, over the rows of a dataset, and stay current.
 *
 * ```ts
 * await needs.metrics.create('default', {
 *   code: 'SAL.REV', name: 'Net revenue', dataset: 'orders', time: 'ordered_at',
 *   measure: { type: 'sum', expression: 'amount' }, dimensions: ['region'],
 * })
 * const reader = await needs.datasets.readerOf(actor)
 * const { points } = await needs.metrics.values(reader, {
 *   code: 'SAL.REV', period: 'day', from: Date.parse('2026-11-01'), to: Date.parse('2026-12-01'),
 *   zone: 'Asia/Kolkata', by: ['region'],
 * })
 * points[0]
 * // { start: '2026-10-31T18:30:00.000Z', end: '2026-11-01T18:30:00.000Z', value: 12.5, state: 'final',
 * //   dataPoints: 1, dims: { region: 'north' } }
 * ```
 */
import type { MetricDefinition, MetricPoint } from '#core/metric'
import type { PeriodName } from '#core/period'
import { z } from 'zod'
import { defineEvents, event } from '#kernel/events'
import { face } from '#kernel/module'
import type { Reader } from '#modules/datasets'
import type { Position } from '#ports/log'

export { metricErrors } from './errors.ts'

export const metrics = face<Metrics>('metrics')

export const metricEvents = defineEvents('metrics', {
  changed: event({
    about: 'A metric was defined, its definition was changed, or it was removed.',
    schema: z.object({ code: z.string(), change: z.enum(['created', 'changed', 'removed']), version: z.int() }),
    key: ({ code }) => code,
  }),
})

export { numbersChanged, readNumbersChanged, type NumbersChanged } from './numbers-changed.ts'

export interface Metrics {
  /** Rejects with `metrics.unknown`. */
  get(workspace: string, code: string): Promise<MetricDefinition>
  list(workspace: string): Promise<readonly MetricDefinition[]>
  /** Rejects with `metrics.invalid` and every problem, or `metrics.taken`. */
  create(workspace: string, definition: unknown): Promise<MetricDefinition>
  /**
   * Whole periods that share an instant with `[from, to)`, of the rows and values that the reader may see. Every row
   * that was acknowledged before the call is counted.
   */
  values(reader: Reader, question: ValuesQuestion): Promise<MetricValues>
  /** Resolves when changes of definitions that have been written are what is answered with. */
  changesDone(): Promise<void>
  /**
   * Rows of the metric are folded, and changes of its numbers hinted, soon after the rows come, until closed; within
   * about thirty seconds otherwise. Answers are the same without.
   */
  watch(workspace: string, code: string): { close(): void }
  /** The minutes (ms since 1970, newest first) whose cells changed after a fold position, at most `limit`. */
  changedMinutes(workspace: string, code: string, after: Position, limit: number): Promise<readonly number[]>
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
  /**
   * Each point with the one of the period before it, or with the one at the same place of another
   * range, `[from, to)`; an open one with as much of it as has passed.
   */
  readonly compare?: 'previous' | { readonly from: number; readonly to: number }
  /** The answer says from when to when the metric has rows, and which are dated ahead of now. */
  readonly extent?: boolean
  readonly signal?: AbortSignal
}

export interface MetricValues {
  readonly code: string
  readonly unit: string | undefined
  readonly period: PeriodName
  readonly zone: string
  readonly points: readonly MetricPoint[]
  readonly asOf: string
  /** The values are not exact: they are this close to the true ones, relative to them. */
  readonly approximate?: { readonly relativeError: number }
  /** Absent while the metric has no rows, and where it was not asked for. */
  readonly extent?: MetricExtent
}

/** From when to when the rows of a metric are dated, whatever the question filters; in whole minutes. */
export interface MetricExtent {
  readonly first: string
  /** Of the rows that are not dated ahead of now; null when all are. */
  readonly last: string | null
  readonly ahead?: { readonly rows: number; readonly last: string }
}
