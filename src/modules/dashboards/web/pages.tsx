import { LayoutDashboard } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'

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
  find: async (signal) => (await import('./find.ts')).find(signal),
}
