import { Gauge } from 'lucide-react'
import { lazy } from 'react'
import type { ModulePages } from '#ui/page-route'

export { livePoints, metricsQuery, readValues } from './metric-api.ts'
export { newest } from './newest-point.ts'
export { tileSpan } from './tile-span.ts'
export { questionFacts, valueOf } from './value-facts.ts'

/** A metric as a tile among others, loaded when one is first shown. */
export const MetricTile = lazy(async () => ({ default: (await import('./MetricTile.tsx')).MetricTile }))

export const pages: ModulePages = {
  navigation: [
    {
      to: '/metrics',
      title: 'Metrics',
      group: 'Numbers',
      icon: <Gauge size={16} strokeWidth={1.75} />,
      key: 'm',
      inBar: true,
    },
  ],
  home: [{ place: 'top', load: async () => (await import('./KpiStrip.tsx')).KpiStrip }],
  actions: [{ title: 'Define a metric', to: '/metrics/new' }],
  pages: [
    { path: '/metrics', load: async () => (await import('./MetricList.tsx')).MetricList },
    { path: '/metrics/new', load: async () => (await import('./MetricForm.tsx')).MetricForm },
    { path: '/metrics/$code/edit', load: async () => (await import('./MetricForm.tsx')).MetricForm },
    { path: '/metrics/$code', load: async () => (await import('./MetricDetail.tsx')).MetricDetail },
  ],
  find: async (signal) => (await import('./find.ts')).find(signal),
}
