import { Plug } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'

export const pages: ModulePages = {
  navigation: [
    {
      to: '/connections',
      title: 'Connections',
      group: 'Data',
      icon: <Plug size={16} strokeWidth={1.75} />,
      key: 'c',
      permission: 'connections.read',
    },
  ],
  actions: [{ title: 'Add a connection', to: '/connections/new' }],
  pages: [
    { path: '/connections', load: async () => (await import('./ConnectionList.tsx')).ConnectionList },
    { path: '/connections/new', load: async () => (await import('./NewConnection.tsx')).NewConnection },
    { path: '/connections/$name/edit', load: async () => (await import('./EditConnection.tsx')).EditConnection },
    { path: '/connections/$name', load: async () => (await import('./ConnectionDetail.tsx')).ConnectionDetail },
  ],
  find: async (signal) => (await import('./find.ts')).find(signal),
}
