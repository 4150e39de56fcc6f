import { queryOptions } from '@tanstack/react-query'
import { typedRequest } from '#kernel/client'
import { request } from '#ui/request'
import type { Dashboard, dashboardsContract } from '../contract.ts'
import type { Tile } from '../definition.ts'

export type { Dashboard, Tile }

export const ask = typedRequest<typeof dashboardsContract>(request)

export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards'],
  queryFn: async ({ signal }) => (await ask('GET /api/v1/dashboards', { query: { limit: 100 }, signal })).items,
})

export async function readVersions(id: string, signal: AbortSignal) {
  return (await ask('GET /api/v1/dashboards/{id}/versions', { params: { id }, query: { limit: 100 }, signal })).items
}

export function dashboardQuery(id: string) {
  return queryOptions({
    queryKey: ['dashboards', id],
    queryFn: ({ signal }) => ask('GET /api/v1/dashboards/{id}', { params: { id }, signal }),
  })
}
