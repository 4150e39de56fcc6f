import { ListChecks } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'

export const pages: ModulePages = {
  navigation: [
    {
      to: '/jobs',
      title: 'Jobs',
      group: 'Operate',
      icon: <ListChecks size={16} strokeWidth={1.75} />,
      key: 'j',
      permission: 'jobs.read',
    },
  ],
  pages: [{ path: '/jobs', load: async () => (await import('./JobList.tsx')).JobList }],
}
