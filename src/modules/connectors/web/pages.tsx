import { Plug } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'
import { ask } from './connection-api.ts'

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
  async find(signal) {
    const { items } = await ask('GET /api/v1/connections', { query: { limit: 200 }, signal })
    return items.map(({ name, type }) => ({ kind: 'Connections', title: name, about: type, to: pathOf(name) }))
  },
}

function pathOf(name: string): string {
  return `/connections/${encodeURIComponent(name)}`
}
