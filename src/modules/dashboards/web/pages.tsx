import { LayoutDashboard } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'
import { ask } from './dashboard-api.ts'

export const pages: ModulePages = {
  navigation: [
    {
      to: '/dashboards',
      title: 'Dashboards',
      group: 'Numbers',
      icon: <LayoutDashboard size={16} strokeWidth={1.75} />,
      key: 'b',
      inBar: true,
    },
  ],
  actions: [{ title: 'Make a dashboard', to: '/dashboards/new' }],
  pages: [
    { path: '/dashboards', load: async () => (await import('./DashboardList.tsx')).DashboardList },
    { path: '/dashboards/new', load: async () => (await import('./DashboardForm.tsx')).DashboardForm },
    { path: '/dashboards/$id/edit', load: async () => (await import('./DashboardForm.tsx')).DashboardForm },
    { path: '/dashboards/$id', load: async () => (await import('./DashboardView.tsx')).DashboardView },
  ],
  async find(signal) {
    const { items } = await ask('GET /api/v1/dashboards', { query: { limit: 100 }, signal })
    return items.map(({ id, name, title }) => ({
      kind: 'Dashboards',
      title: title ?? name,
      about: name,
      to: `/dashboards/${id}`,
    }))
  },
}
