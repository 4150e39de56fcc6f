import { queryOptions } from '@tanstack/react-query'
import type { MetricPoint, PeriodName } from '#core/metric'
import type { LivePoint } from '#ui/frames'
import { request } from '#ui/request'
import type { Metric } from '../contract.ts'

export type Point = MetricPoint

export interface MetricValues {
  readonly code: string
  readonly unit?: string | null
  readonly period: PeriodName
  readonly zone: string
  readonly points: readonly Point[]
  readonly asOf: string
  readonly approximate?: { readonly relativeError: number }
  readonly extent?: {
    readonly first: string
    readonly last: string | null
    readonly ahead?: { readonly rows: number; readonly last: string }
  }
}

export interface ValuesAsked {
  readonly code: string
  readonly period: string
  readonly from: number
  readonly to: number
  readonly zone: string
  readonly by?: string | undefined
  readonly filter?: string | undefined
  readonly compare?: string | undefined
  readonly fill?: 'null' | 'zero' | undefined
}

export const metricsQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: async ({ signal }) =>
    (await request<{ items: readonly Metric[] }>('GET', '/api/v1/metrics', { query: { limit: 500 }, signal })).items,
})

export function metricQuery(code: string) {
  return queryOptions({
    queryKey: ['metrics', code],
    queryFn: ({ signal }) => request<Metric>('GET', metricPath(code), { signal }),
  })
}

export function valuesQuery(asked: ValuesAsked) {
  return queryOptions({
    queryKey: ['metrics', asked.code, 'values', asked],
    queryFn: ({ signal }) => readValues(asked, signal),
    // The numbers of another metric, or days under the name of hours, would be wrong ones.
    placeholderData: (before) => (before?.code === asked.code && before.period === asked.period ? before : undefined),
    staleTime: 10_000,
  })
}

export function readValues({ code, from, to, ...asked }: ValuesAsked, signal?: AbortSignal): Promise<MetricValues> {
  const query = { ...asked, from: new Date(from).toISOString(), to: new Date(to).toISOString() }
  return request<MetricValues>('GET', `${metricPath(code)}/values`, { query, signal })
}

export function metricPath(code: string): string {
  return `/api/v1/metrics/${encodeURIComponent(code)}`
}

export function livePoints({ code, period, points }: MetricValues): LivePoint[] {
  return points.map(({ start, end, value, state, dataPoints, dims }) => ({
    code,
    period,
    start,
    end,
    value,
    state,
    dataPoints,
    ...(dims === undefined ? {} : { dims }),
  }))
}
