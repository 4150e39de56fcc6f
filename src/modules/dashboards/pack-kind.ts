import type { PackKind } from '#kernel/module'
import type { Dashboards } from './index.ts'

/** Dashboards of a pack, each as in `POST /api/v1/dashboards`. */
export function dashboardPackKind(dashboards: Pick<Dashboards, 'named' | 'create'>): PackKind {
  const nameOf = (definition: unknown): string => String((definition as { readonly name?: unknown }).name)
  return {
    field: 'dashboards',
    kind: 'dashboard',
    nameOf,
    async install(workspace, definition) {
      if ((await dashboards.named(workspace, nameOf(definition))) === undefined)
        await dashboards.create(workspace, definition)
    },
  }
}
