import { queryOptions } from '@tanstack/react-query'
import { typedRequest, type AnswerOf } from '#kernel/client'
import type { JsonSchema } from '#ui/json-schema'
import { request } from '#ui/request'
import type { Connection, ConnectionItem, ConnectionStream } from '../connections/contract.ts'
import type { connectorsContract } from '../contract.ts'

export type { Connection, ConnectionItem, ConnectionStream }

export const ask = typedRequest<typeof connectorsContract>(request)

type Connector = AnswerOf<typeof connectorsContract, 'GET /api/v1/connectors'>['items'][number]
/** A connector of which connections can be made. */
export interface ConnectableType extends Pick<Connector, 'type' | 'title' | 'about' | 'discovers'> {
  /** Contracts say of settings only that they are objects; the form reads them as the JSON Schema that they are. */
  readonly schema: JsonSchema
}

export type Settings = Readonly<Record<string, unknown>>

export const connectionTypesQuery = queryOptions({
  queryKey: ['connectors', 'with connection'],
  queryFn: async ({ signal }) => {
    const { items } = await ask('GET /api/v1/connectors', { query: { limit: 1000 }, signal })
    return items.flatMap(({ type, title, about, discovers, settings }): readonly ConnectableType[] =>
      settings.connection === undefined
        ? []
        : [{ type, title, about, discovers, schema: settings.connection as JsonSchema }],
    )
  },
})

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async ({ signal }) => (await ask('GET /api/v1/connections', { query: { limit: 1000 }, signal })).items,
})

export function connectionQuery(name: string) {
  return queryOptions({
    queryKey: ['connections', name],
    queryFn: ({ signal }) => ask('GET /api/v1/connections/{name}', { params: { name }, signal }),
  })
}

export function streamsQuery(name: string) {
  return queryOptions({
    queryKey: ['connections', name, 'streams'],
    queryFn: async ({ signal }) =>
      (await ask('GET /api/v1/connections/{name}/streams', { params: { name }, query: { limit: 1000 }, signal })).items,
    retry: false,
  })
}

export function previewQuery(name: string, stream: string) {
  return queryOptions({
    queryKey: ['connections', name, 'preview', stream],
    queryFn: ({ signal }) =>
      ask('POST /api/v1/connections/{name}/preview', { params: { name }, body: { stream, limit: 50 }, signal }),
    retry: false,
  })
}

export function versionsQuery(name: string) {
  return queryOptions({
    queryKey: ['connections', name, 'versions'],
    queryFn: ({ signal }) => readVersions(name, signal),
  })
}

export async function readVersions(name: string, signal: AbortSignal) {
  return (await ask('GET /api/v1/connections/{name}/versions', { params: { name }, query: { limit: 100 }, signal }))
    .items
}

type CheckAnswer = AnswerOf<typeof connectorsContract, 'POST /api/v1/connections/{name}/check'>
export type FailureKind = NonNullable<CheckAnswer['diagnosis']>['kind']

export interface CheckResult {
  readonly ok: boolean
  readonly summary: string
  readonly diagnosis?: { readonly kind: FailureKind; readonly detail: string; readonly remedy: string } | undefined
}

export const act = {
  create: (name: string, type: string, settings: Settings) =>
    ask('POST /api/v1/connections', { body: { name, type, settings } }),
  replace: (name: string, settings: Settings, version: number) =>
    ask('PUT /api/v1/connections/{name}', { params: { name }, body: { settings, version } }),
  remove: (name: string) => ask('DELETE /api/v1/connections/{name}', { params: { name } }),
  /** Refused when another version than `current` is the current one by now. */
  restore: (name: string, version: number, current: number) =>
    ask('POST /api/v1/connections/{name}/versions/{version}/restore', {
      params: { name, version },
      query: { current },
    }),
  check: (name: string, settings?: Settings): Promise<CheckResult> =>
    ask('POST /api/v1/connections/{name}/check', {
      params: { name },
      body: settings === undefined ? {} : { settings },
    }),
  /** Of a connection that is not made yet. */
  async checkNew(type: string, settings: Settings): Promise<CheckResult> {
    const { ok, message, diagnosis } = await ask('POST /api/v1/connectors/{type}/check', {
      params: { type },
      body: { as: 'connection', config: { ...settings } },
    })
    return { ok, summary: message, diagnosis }
  },
}
