import { Table2 } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'
import { ask } from './dataset-api.ts'

export const pages: ModulePages = {
  navigation: [
    { to: '/datasets', title: 'Datasets', group: 'Data', icon: <Table2 size={16} strokeWidth={1.75} />, key: 'd' },
  ],
  actions: [],
  pages: [
    { path: '/datasets', load: async () => (await import('./DatasetList.tsx')).DatasetList },
    { path: '/datasets/$name', load: async () => (await import('./DatasetDetail.tsx')).DatasetDetail },
  ],
  async find(signal) {
    const { items } = await ask('GET /api/v1/datasets', { query: { limit: 200 }, signal })
    return items.map(({ name, kind }) => ({ kind: 'Datasets', title: name, about: kind, to: `/datasets/${name}` }))
  },
}
