import { ScrollText } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'

export const pages: ModulePages = {
  navigation: [
    {
      to: '/audit',
      title: 'Audit',
      group: 'Operate',
      icon: <ScrollText size={16} strokeWidth={1.75} />,
      key: 'a',
      permission: 'audit.read',
    },
  ],
  pages: [{ path: '/audit', load: async () => (await import('./AuditList.tsx')).AuditList }],
}
