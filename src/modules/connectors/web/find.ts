import type { Findable } from '#ui/page-route'
import { ask } from './connection-api.ts'
import { connectionPath } from './connection-words.ts'

/** For the command palette. */
export async function find(signal: AbortSignal): Promise<readonly Findable[]> {
  const { items } = await ask('GET /api/v1/connections', { query: { limit: 200 }, signal })
  return items.map(({ name, type }) => ({ kind: 'Connections', title: name, about: type, to: connectionPath(name) }))
}
