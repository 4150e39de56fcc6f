import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import { typedRequest } from '#kernel/client'
import { request } from '#ui/request'
import { parse, stringify } from './digits.ts'
import type { DatasetItem, DatasetProfile, datasetsContract, QuarantinedItem } from '../contract.ts'

export type Dataset = DatasetItem
export type Profile = z.output<typeof DatasetProfile>
export type Quarantined = QuarantinedItem
export type Row = Readonly<Record<string, unknown>>

export const ask = typedRequest<typeof datasetsContract>(request)

/** Rejected rows are corrected and sent again, so their numbers keep all digits. */
const askExactly = typedRequest<typeof datasetsContract>((method, path, options) =>
  request(method, path, { ...options, json: { parse, stringify } }),
)

export const datasetsQuery = queryOptions({
  queryKey: ['datasets'],
  queryFn: async ({ signal }) => (await ask('GET /api/v1/datasets', { query: { limit: 500 }, signal })).items,
})

export function datasetQuery(name: string) {
  return queryOptions({
    queryKey: ['datasets', name],
    queryFn: ({ signal }) => ask('GET /api/v1/datasets/{name}', { params: { name }, signal }),
  })
}

export function profileQuery(name: string) {
  return queryOptions({
    queryKey: ['datasets', name, 'profile'],
    queryFn: ({ signal }) => ask('GET /api/v1/datasets/{name}/profile', { params: { name }, signal }),
    staleTime: 30_000,
  })
}

export interface RowsQuestion {
  readonly filter?: string | undefined
  readonly sort?: string | undefined
  readonly order?: 'asc' | 'desc' | undefined
}

/** Page by page, filtered and sorted by the server. */
export function rowsQuery(name: string, question: RowsQuestion) {
  return infiniteQueryOptions({
    queryKey: ['datasets', name, 'rows', question],
    queryFn: ({ signal, pageParam: cursor }) =>
      ask('GET /api/v1/datasets/{name}/rows', {
        params: { name },
        query: { limit: 200, ...question, cursor },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

/** Every row the question is about, a thousand at a time. */
export async function* allRows(
  name: string,
  question: RowsQuestion,
  signal: AbortSignal,
): AsyncIterable<readonly Row[]> {
  let cursor: string | undefined
  do {
    const query = { limit: 1000, ...question, cursor }
    const page = await ask('GET /api/v1/datasets/{name}/rows', { params: { name }, query, signal })
    yield page.items
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}

export function quarantineQuery(name: string) {
  return infiniteQueryOptions({
    queryKey: ['datasets', name, 'quarantine'],
    queryFn: ({ signal, pageParam: cursor }) =>
      askExactly('GET /api/v1/datasets/{name}/quarantine', { params: { name }, query: { limit: 200, cursor }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

/** The names with rejected rows and how many each has, also names without a dataset. */
export const rejectedQuery = queryOptions({
  queryKey: ['quarantine'],
  queryFn: async ({ signal }) => (await ask('GET /api/v1/quarantine', { query: { limit: 1000 }, signal })).items,
})

export interface SentRow {
  readonly id: string
  /** Without it the row goes as it was kept. */
  readonly row?: Record<string, unknown>
}

export function replay(name: string, rows: readonly SentRow[]): Promise<{ replayed: number }> {
  return askExactly('POST /api/v1/datasets/{name}/quarantine/replay', {
    params: { name },
    body: { rows: [...rows] },
  })
}

export function removeDataset(name: string): Promise<void> {
  return ask('DELETE /api/v1/datasets/{name}', { params: { name } })
}
