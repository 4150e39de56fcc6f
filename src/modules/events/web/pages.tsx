import { CircleAlert } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'

export const pages: ModulePages = {
  navigation: [
    {
      to: '/events',
      title: 'Parked events',
      group: 'Operate',
      icon: <CircleAlert size={16} strokeWidth={1.75} />,
      key: 'v',
      permission: 'events.read',
    },
  ],
  pages: [{ path: '/events', load: async () => (await import('./ParkedList.tsx')).ParkedList }],
}
