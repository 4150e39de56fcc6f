import { defineConnector } from '#sdk'
import { connectionSettings, streamSettings } from './settings.ts'
import { upgraded } from './upgrade.ts'

export default defineConnector({
  type: 'http',
  title: 'HTTP',
  category: 'web',
  about: 'JSON, NDJSON or CSV from an address, page by page, within what MILLRACE_EGRESS allows.',
  proven: 'a server of its own tests',
  connection: { settings: connectionSettings, upgrade: upgraded, load: () => import('./source.ts') },
  source: {
    settings: streamSettings,
    reads: 'batches',
    modes: ['full'],
    load: () => import('./source.ts'),
  },
})
