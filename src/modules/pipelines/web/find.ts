import type { Findable } from '#ui/page-route'
import { ask } from './pipeline-api.ts'

/** For the command palette. */
export async function find(signal: AbortSignal): Promise<readonly Findable[]> {
  const { items } = await ask('GET /api/v1/pipelines', { query: { limit: 200 }, signal })
  return items.map(({ id, name, type }) => ({ kind: 'Pipelines', title: name, about: type, to: `/pipelines/${id}` }))
}
