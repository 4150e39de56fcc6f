import { queryOptions } from '@tanstack/react-query'
import { request } from '#ui/request'

export interface DashboardTile {
  readonly metric: string
  readonly title?: string | undefined
}

export interface Dashboard {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly tiles: readonly DashboardTile[]
}

export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards'],
  queryFn: async ({ signal }) =>
    (await request<{ items: readonly Dashboard[] }>('GET', '/api/v1/dashboards', { query: { limit: 100 }, signal }))
      .items,
})

export function dashboardQuery(id: string) {
  return queryOptions({
    queryKey: ['dashboards', id],
    queryFn: ({ signal }) => request<Dashboard>('GET', `/api/v1/dashboards/${encodeURIComponent(id)}`, { signal }),
  })
}
