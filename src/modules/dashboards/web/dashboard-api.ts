import { queryOptions } from '@tanstack/react-query'
import { request } from '#ui/request'
import type { Dashboard } from '../contract.ts'
import type { Tile } from '../definition.ts'

export type { Dashboard, Tile }

export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards'],
  queryFn: async ({ signal }) =>
    (await request<{ items: readonly Dashboard[] }>('GET', '/api/v1/dashboards', { query: { limit: 100 }, signal }))
      .items,
})

export function dashboardQuery(id: string) {
  return queryOptions({
    queryKey: ['dashboards', id],
    queryFn: ({ signal }) => request<Dashboard>('GET', dashboardPath(id), { signal }),
  })
}

export function dashboardPath(id: string): string {
  return `/api/v1/dashboards/${encodeURIComponent(id)}`
}
