import type { Findable } from '#ui/page-route'
import { ask } from './dashboard-api.ts'

/** For the command palette. */
export async function find(signal: AbortSignal): Promise<readonly Findable[]> {
  const { items } = await ask('GET /api/v1/dashboards', { query: { limit: 100 }, signal })
  return items.map(({ id, name, title }) => ({
    kind: 'Dashboards',
    title: title ?? name,
    about: name,
    to: `/dashboards/${id}`,
  }))
}
