import type { Findable } from '#ui/page-route'
import { ask } from './dataset-api.ts'

/** For the command palette. */
export async function find(signal: AbortSignal): Promise<readonly Findable[]> {
  const { items } = await ask('GET /api/v1/datasets', { query: { limit: 200 }, signal })
  return items.map(({ name, kind }) => ({ kind: 'Datasets', title: name, about: kind, to: `/datasets/${name}` }))
}
