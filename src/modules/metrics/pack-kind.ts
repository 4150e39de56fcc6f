import type { PackKind } from '#kernel/module'
import type { Metrics } from './index.ts'

/** Metrics of a pack, each as in `POST /api/v1/metrics`. */
export function metricPackKind(metrics: Pick<Metrics, 'list' | 'create'>): PackKind {
  const codeOf = (definition: unknown): string => String((definition as { readonly code?: unknown }).code)
  return {
    field: 'metrics',
    kind: 'metric',
    nameOf: codeOf,
    async install(workspace, definition) {
      const there = (await metrics.list(workspace)).some(({ code }) => code === codeOf(definition))
      if (!there) await metrics.create(workspace, definition)
    },
  }
}
