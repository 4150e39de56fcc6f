import type { Findable } from '#ui/page-route'
import { ask } from './metric-api.ts'

/** For the command palette. */
export async function find(signal: AbortSignal): Promise<readonly Findable[]> {
  const { items } = await ask('GET /api/v1/metrics', {
    query: { limit: 200 },
    signal,
  })
  return items.map(({ code, name }) => ({ kind: 'Metrics', title: name, about: code, to: `/metrics/${code}` }))
}
