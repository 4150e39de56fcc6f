import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { JsonSchema } from '#ui/json-schema'
import { typedRequest, type AnswerOf } from '#kernel/client'
import type { connectorsContract } from '#modules/connectors/contract'
import type { datasetsContract } from '#modules/datasets/contract'
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

export type Preview = z.output<typeof pipelinesContract.operations.preview.answer>

type Connector = AnswerOf<typeof connectorsContract, 'GET /api/v1/connectors'>['items'][number]
type Transformation = AnswerOf<typeof pipelinesContract, 'GET /api/v1/transformations'>['items'][number]

/** Contracts say of settings only that they are objects; the forms read them as the JSON Schema that they are. */
export type ConnectorItem = Omit<Connector, 'settings'> & {
  readonly settings: {
    readonly connection?: JsonSchema
    readonly source?: JsonSchema
    readonly destination?: JsonSchema
    /** Beside a connection that is named. */
    readonly connected?: { readonly source?: JsonSchema; readonly destination?: JsonSchema }
  }
}
export type TransformationItem = Omit<Transformation, 'settings'> & { readonly settings: JsonSchema }

type Rule = AnswerOf<typeof pipelinesContract, 'GET /api/v1/quality/rules'>['items'][number]
export type RuleItem = Omit<Rule, 'settings'> & { readonly settings: JsonSchema }

export const ask = typedRequest<typeof pipelinesContract>(request)
const askConnectors = typedRequest<typeof connectorsContract>(request)

const askDatasets = typedRequest<typeof datasetsContract>(request)

export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines'],
  queryFn: async ({ signal }) => (await ask('GET /api/v1/pipelines', { query: { limit: 200 }, signal })).items,
})

export function pipelineQuery(id: string) {
  return queryOptions({
    queryKey: ['pipelines', id],
    queryFn: ({ signal }) => ask('GET /api/v1/pipelines/{id}', { params: { id }, signal }),
  })
}

export async function readVersions(id: string, signal: AbortSignal) {
  return (await ask('GET /api/v1/pipelines/{id}/versions', { params: { id }, query: { limit: 100 }, signal })).items
}

export function runsQuery(id: string, limit = 60) {
  return queryOptions({
    queryKey: ['pipelines', id, 'runs', limit],
    queryFn: async ({ signal }) =>
      (await ask('GET /api/v1/pipelines/{id}/runs', { params: { id }, query: { limit }, signal })).items,
  })
}

export function runQuery(id: string) {
  return queryOptions({
    queryKey: ['runs', id],
    queryFn: ({ signal }) => ask('GET /api/v1/runs/{id}', { params: { id }, signal }),
  })
}

/** All pages that were asked for so far. */
export function quarantineQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['pipelines', id, 'quarantine'],
    queryFn: ({ pageParam, signal }) =>
      ask('GET /api/v1/pipelines/{id}/quarantine', {
        params: { id },
        query: { limit: 100, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

/** The datasets that a pipeline may load into. */
export const datasetsQuery = queryOptions({
  queryKey: ['datasets'],
  queryFn: async ({ signal }) => (await askDatasets('GET /api/v1/datasets', { query: { limit: 500 }, signal })).items,
})

export function logsQuery(id: string) {
  return queryOptions({
    queryKey: ['runs', id, 'logs'],
    queryFn: async ({ signal }) =>
      (await ask('GET /api/v1/runs/{id}/logs', { params: { id }, query: { limit: 1000 }, signal })).items,
  })
}

export const connectorsQuery = queryOptions({
  queryKey: ['connectors'],
  queryFn: async ({ signal }) =>
    (await askConnectors('GET /api/v1/connectors', { query: { limit: 1000 }, signal }))
      .items as readonly ConnectorItem[],
  staleTime: 300_000,
})

export type Side = 'source' | 'destination'

export interface FoundStream {
  readonly name: string
  /** The settings that read it, where no connection is named. */
  readonly config?: Readonly<Record<string, unknown>> | undefined
  readonly columns?: readonly unknown[] | undefined
}

/** Settings while they are entered; with an id, tried with the secrets that its pipeline keeps. */
interface EnteredSettings extends Typed {
  /** Those of the server only. */
  readonly reach: Typed['config']
  readonly id: string | undefined
}

export function foundStreamsQuery(given: { readonly connection: string } | EnteredSettings) {
  const named = 'connection' in given
  return queryOptions({
    queryKey: named
      ? ['connections', given.connection, 'streams']
      : ['connectors', given.type, 'streams', given.id, given.reach],
    queryFn: async ({ signal }): Promise<readonly FoundStream[]> =>
      (await (named ? streamsOf(given.connection, signal) : discover(given, signal))).items,
    staleTime: 30_000,
    retry: false,
  })
}

function streamsOf(name: string, signal: AbortSignal) {
  return askConnectors('GET /api/v1/connections/{name}/streams', { params: { name }, query: { limit: 1000 }, signal })
}

function discover({ id, type, config, reach }: EnteredSettings, signal: AbortSignal) {
  return id === undefined
    ? askConnectors('POST /api/v1/connectors/{type}/discover', { params: { type }, body: { config: reach }, signal })
    : ask('POST /api/v1/pipelines/{id}/discover', { params: { id }, body: { type, config }, signal })
}

/** Whether settings reach their server; with an id, with the secrets its pipeline keeps. */
export function checkEnd(side: Side, { type, config }: Typed, id: string | undefined, signal: AbortSignal) {
  return id === undefined
    ? askConnectors('POST /api/v1/connectors/{type}/check', { params: { type }, body: { config, as: side }, signal })
    : ask('POST /api/v1/pipelines/{id}/check', { params: { id }, body: { type, config, as: side }, signal })
}

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async ({ signal }) =>
    (await askConnectors('GET /api/v1/connections', { query: { limit: 1000 }, signal })).items,
})

export type ConnectionItem = AnswerOf<typeof connectorsContract, 'GET /api/v1/connections'>['items'][number]

export const transformationsQuery = queryOptions({
  queryKey: ['transformations'],
  queryFn: async ({ signal }) =>
    (await ask('GET /api/v1/transformations', { query: { limit: 1000 }, signal }))
      .items as readonly TransformationItem[],
  staleTime: 300_000,
})

export const rulesQuery = queryOptions({
  queryKey: ['quality', 'rules'],
  queryFn: async ({ signal }) =>
    (await ask('GET /api/v1/quality/rules', { query: { limit: 1000 }, signal })).items as readonly RuleItem[],
  staleTime: 300_000,
})

export const act = {
  create: (definition: unknown) => ask('POST /api/v1/pipelines', { body: definition }),
  /** Refused when the pipeline has another version by now. */
  replace: (id: string, definition: object, version: number) =>
    ask('PUT /api/v1/pipelines/{id}', { params: { id }, body: { ...definition, version } }),
  /** With the id of a pipeline its kept secrets stand in for those the definition does not show. */
  validate: (definition: unknown, pipeline: string | undefined, signal: AbortSignal) =>
    ask('POST /api/v1/pipelines/validate', {
      body: definition,
      query: { pipeline },
      signal,
    }),
  preview: (definition: unknown, pipeline: string | undefined, signal: AbortSignal) =>
    ask('POST /api/v1/pipelines/preview', { body: definition, query: { rows: 30, pipeline }, signal }),
  run: (id: string) => ask('POST /api/v1/pipelines/{id}/run', { params: { id } }),
  pause: (id: string) => ask('POST /api/v1/pipelines/{id}/pause', { params: { id } }),
  resume: (id: string) => ask('POST /api/v1/pipelines/{id}/resume', { params: { id } }),
  remove: (id: string) => ask('DELETE /api/v1/pipelines/{id}', { params: { id } }),
  cancel: (id: string) => ask('POST /api/v1/runs/{id}/cancel', { params: { id } }),
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
