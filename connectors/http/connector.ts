import { defineConnector } from '#sdk'
import { fetchPages } from './pages.ts'
import { httpSettings } from './settings.ts'

export default defineConnector({
  type: 'http',
  title: 'HTTP',
  category: 'web',
  about: 'JSON records from an address, page by page, within what MILLRACE_EGRESS allows.',
  proven: 'a server of its own tests',
  source: {
    settings: httpSettings,
    read: async (settings, around) => ({ by: 'batches', batches: (signal) => fetchPages(settings, around, signal) }),
    check: async (settings, around) => {
      for await (const batch of fetchPages(settings, around, around.signal)) {
        return `The first page has ${batch.length} records.`
      }
      return 'There are no records.'
    },
  },
})
