import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { FieldProblem, JsonSchema } from '#ui/json-schema'
import { request } from '#ui/request'
import type { PipelineAnswer, pipelinesContract, Run, RunStep } from '../contract.ts'

export type { Run, RunStep }

export type Pipeline = PipelineAnswer

/** What the pages need of a definition. */
export interface PipelineDefinition {
  readonly name: string
  readonly type: 'batch' | 'streaming'
  readonly source: Typed
  readonly transformations: readonly { readonly type: string; readonly config: unknown }[]
  readonly quality?: readonly { readonly type: string }[] | undefined
  readonly destination: Typed
  readonly schedule?: unknown
}

interface Typed {
  readonly type: string
  readonly config: Readonly<Record<string, unknown>>
}

export type Quarantined = z.output<typeof pipelinesContract.operations.quarantine.answer>['items'][number]

export interface RunLog {
  readonly at: string
  readonly level: string
  readonly message: string
}

export type Preview = z.output<typeof pipelinesContract.operations.preview.answer>

export interface ConnectorItem {
  readonly type: string
  readonly title: string
  readonly category: string
  readonly about: string
  readonly can: { readonly read: boolean; readonly write: boolean; readonly stream: boolean; readonly cdc: boolean }
  readonly settings: { readonly source?: JsonSchema; readonly destination?: JsonSchema }
  readonly delivery?: { readonly guarantee: string; readonly because: string }
}

export interface TransformationItem {
  readonly type: string
  readonly title: string
  readonly about: string
  readonly settings: JsonSchema
  readonly example: unknown
}

interface Listed<Item> {
  readonly items: readonly Item[]
  readonly next?: string | null
}

const byId = (id: string): string => `/api/v1/pipelines/${encodeURIComponent(id)}`

export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines'],
  queryFn: async ({ signal }) =>
    (await request<Listed<Pipeline>>('GET', '/api/v1/pipelines', { query: { limit: 200 }, signal })).items,
})

export function pipelineQuery(id: string) {
  return queryOptions({
    queryKey: ['pipelines', id],
    queryFn: ({ signal }) => request<Pipeline>('GET', byId(id), { signal }),
  })
}

export function runsQuery(id: string, limit = 60) {
  return queryOptions({
    queryKey: ['pipelines', id, 'runs', limit],
    queryFn: async ({ signal }) =>
      (await request<Listed<Run>>('GET', `${byId(id)}/runs`, { query: { limit }, signal })).items,
  })
}

export function runQuery(id: string) {
  return queryOptions({
    queryKey: ['runs', id],
    queryFn: ({ signal }) => request<Run>('GET', `/api/v1/runs/${encodeURIComponent(id)}`, { signal }),
  })
}

/** All pages that were asked for so far. */
export function quarantineQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['pipelines', id, 'quarantine'],
    queryFn: ({ pageParam, signal }) =>
      request<Listed<Quarantined>>('GET', `${byId(id)}/quarantine`, {
        query: { limit: 100, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

export function logsQuery(id: string) {
  return queryOptions({
    queryKey: ['runs', id, 'logs'],
    queryFn: async ({ signal }) =>
      (await request<Listed<RunLog>>('GET', `/api/v1/runs/${encodeURIComponent(id)}/logs`, { signal })).items,
  })
}

export const connectorsQuery = queryOptions({
  queryKey: ['connectors'],
  queryFn: async ({ signal }) => (await request<Listed<ConnectorItem>>('GET', '/api/v1/connectors', { signal })).items,
  staleTime: 300_000,
})

export const transformationsQuery = queryOptions({
  queryKey: ['transformations'],
  queryFn: async ({ signal }) =>
    (await request<Listed<TransformationItem>>('GET', '/api/v1/transformations', { signal })).items,
  staleTime: 300_000,
})

export const act = {
  create: (definition: unknown) => request<Pipeline>('POST', '/api/v1/pipelines', { body: definition }),
  replace: (id: string, definition: unknown) => request<Pipeline>('PUT', byId(id), { body: definition }),
  /** With the id of a pipeline its kept secrets stand in for those the definition does not show. */
  validate: (definition: unknown, pipeline: string | undefined, signal: AbortSignal) =>
    request<{ valid: boolean; problems: readonly FieldProblem[] }>('POST', '/api/v1/pipelines/validate', {
      body: definition,
      query: { pipeline },
      signal,
    }),
  preview: (definition: unknown, pipeline: string | undefined, signal: AbortSignal) =>
    request<Preview>('POST', '/api/v1/pipelines/preview', { body: definition, query: { rows: 30, pipeline }, signal }),
  run: (id: string) => request<{ runId: string }>('POST', `${byId(id)}/run`),
  pause: (id: string) => request<Pipeline>('POST', `${byId(id)}/pause`),
  resume: (id: string) => request<Pipeline>('POST', `${byId(id)}/resume`),
  remove: (id: string) => request<void>('DELETE', byId(id)),
  cancel: (run: string) => request<Run>('POST', `/api/v1/runs/${encodeURIComponent(run)}/cancel`),
}

export function isOver(run: Run): boolean {
  return run.status !== 'queued' && run.status !== 'running'
}

export function durationOf(run: Run, now: number): number {
  if (run.startedAt === null || run.startedAt === undefined) return 0
  return Math.max(
    0,
    (run.finishedAt === null || run.finishedAt === undefined ? now : Date.parse(run.finishedAt)) -
      Date.parse(run.startedAt),
  )
}
