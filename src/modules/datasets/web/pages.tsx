import { Table2 } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'

export const pages: ModulePages = {
  navigation: [
    { to: '/datasets', title: 'Datasets', group: 'Data', icon: <Table2 size={16} strokeWidth={1.75} />, key: 'd' },
  ],
  pages: [
    { path: '/datasets', load: async () => (await import('./DatasetList.tsx')).DatasetList },
    { path: '/datasets/$name', load: async () => (await import('./DatasetDetail.tsx')).DatasetDetail },
  ],
  find: async (signal) => (await import('./find.ts')).find(signal),
}
