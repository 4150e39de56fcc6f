import { queryOptions } from '@tanstack/react-query'
import type { MetricDefinition } from '#core/metric'
import type { PeriodName } from '#core/period'
import type { LivePoint } from '#ui/frames'
import { typedRequest, type AnswerOf } from '#kernel/client'
import { request } from '#ui/request'
import type { metricsContract } from '../contract.ts'

export type MetricValues = AnswerOf<typeof metricsContract, 'GET /api/v1/metrics/{code}/values'>

export const ask = typedRequest<typeof metricsContract>(request)

export interface ValuesQuestion {
  readonly code: string
  readonly period: PeriodName
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
  queryFn: async ({ signal }) => (await ask('GET /api/v1/metrics', { query: { limit: 500 }, signal })).items,
})

export function metricQuery(code: string) {
  return queryOptions({
    queryKey: ['metrics', code],
    queryFn: ({ signal }) => ask('GET /api/v1/metrics/{code}', { params: { code }, signal }),
  })
}

export function valuesQuery(question: ValuesQuestion) {
  return queryOptions({
    queryKey: ['metrics', question.code, 'values', question],
    queryFn: ({ signal }) => readValues(question, signal),
    // The numbers of another metric, or days under the name of hours, would be wrong ones.
    placeholderData: (before) =>
      before?.code === question.code && before.period === question.period ? before : undefined,
    staleTime: 10_000,
  })
}

export function readValues(
  { code, from, to, ...question }: ValuesQuestion,
  signal?: AbortSignal,
): Promise<MetricValues> {
  const query = { ...question, from: new Date(from).toISOString(), to: new Date(to).toISOString() }
  return ask('GET /api/v1/metrics/{code}/values', { params: { code }, query, signal })
}

/** What the form holds may lack parts; the server says which. */
export function saveMetric(
  definition: object,
  existing: { readonly code: string; readonly version: number } | undefined,
): Promise<unknown> {
  const body = definition as MetricDefinition
  return existing === undefined
    ? ask('POST /api/v1/metrics', { body })
    : ask('PUT /api/v1/metrics/{code}', {
        params: { code: existing.code },
        body: { ...body, version: existing.version },
      })
}

export async function readVersions(code: string, signal: AbortSignal) {
  return (await ask('GET /api/v1/metrics/{code}/versions', { params: { code }, query: { limit: 100 }, signal })).items
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
