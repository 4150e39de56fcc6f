import { Mail } from 'lucide-react'
import type { ModulePages } from '#ui/page-route'

export const pages: ModulePages = {
  navigation: [
    {
      to: '/mails',
      title: 'Mails',
      group: 'Operate',
      icon: <Mail size={16} strokeWidth={1.75} />,
      key: 'e',
      permission: 'mails.read',
    },
  ],
  pages: [{ path: '/mails', load: async () => (await import('./MailList.tsx')).MailList }],
}
