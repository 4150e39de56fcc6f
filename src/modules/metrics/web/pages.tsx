import { Gauge } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'
import { ask } from './metric-api.ts'

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
  async find(signal) {
    const { items } = await ask('GET /api/v1/metrics', {
      query: { limit: 200 },
      signal,
    })
    return items.map(({ code, name }) => ({ kind: 'Metrics', title: name, about: code, to: `/metrics/${code}` }))
  },
}
